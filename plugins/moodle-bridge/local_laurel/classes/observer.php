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

use local_laurel\local\outbox;

/**
 * Listens to Moodle. Runs inside the learner's own web request and transaction, so it does next to nothing.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class observer {
    /**
     * Note a course completion in the outbox, in the same transaction as the completion itself.
     *
     * Whatever goes wrong here must never reach the learner: Moodle does not catch an \Error from an observer.
     *
     * @param \core\event\course_completed $event
     */
    public static function course_completed(\core\event\course_completed $event): void {
        try {
            outbox::note_course_completion($event);
        } catch (\Throwable $problem) {
            debugging(
                "local_laurel could not note course completion {$event->objectid}: {$problem->getMessage()}",
                DEBUG_NORMAL,
                $problem->getTrace()
            );
        }
    }
}
