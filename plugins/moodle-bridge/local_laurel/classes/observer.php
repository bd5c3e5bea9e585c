<?php
// This file is part of Moodle - https://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <https://www.gnu.org/licenses/>.

namespace local_laurel;

use core\event\base;
use local_laurel\local\corrections;
use local_laurel\local\course_settings;
use local_laurel\local\outbox;
use local_laurel\local\reached;

/**
 * Listens to Moodle. Runs inside the learner's own web request and transaction, so it does next to nothing.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class observer {
    /**
     * Note what a learner reached in the outbox, in the same transaction as Moodle's own record of it.
     *
     * @param base $event
     */
    public static function something_reached(base $event): void {
        self::safely($event, static function () use ($event): void {
            $reached = match (true) {
                $event instanceof \core\event\course_completed => reached::from_course_completed($event),
                $event instanceof \core\event\course_module_completion_updated => reached::from_activity($event),
                $event instanceof \core\event\competency_evidence_created
                    => $event->courseid ? reached::from_competency($event) : null,
            };
            if ($reached !== null) {
                outbox::note($reached, \core\di::get(\core\clock::class)->time());
            }
        });
    }

    /**
     * Something happened that may make what was told untrue: it is compared at the next sweep.
     *
     * @param base $event
     */
    public static function something_changed(base $event): void {
        self::safely($event, static function () use ($event): void {
            $incourse = $event->courseid && (int) $event->courseid !== (int) SITEID;
            corrections::look_at(
                $event->relateduserid === null ? null : (int) $event->relateduserid,
                $incourse ? (int) $event->courseid : null,
                \core\di::get(\core\clock::class)->time()
            );
        });
    }

    /**
     * A course is gone: it issues no more.
     *
     * @param \core\event\course_deleted $event
     */
    public static function course_deleted(\core\event\course_deleted $event): void {
        self::safely($event, static fn() => course_settings::forget((int) $event->objectid));
    }

    /**
     * Whatever goes wrong here must never reach the learner: Moodle does not catch an \Error from an observer.
     *
     * @param base $event
     * @param callable $do
     */
    private static function safely(base $event, callable $do): void {
        try {
            $do();
        } catch (\Throwable $problem) {
            debugging(
                "local_laurel could not note {$event->eventname} {$event->objectid}: {$problem->getMessage()}",
                DEBUG_NORMAL,
                $problem->getTrace()
            );
        }
    }
}
