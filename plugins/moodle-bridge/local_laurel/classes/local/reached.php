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

namespace local_laurel\local;

/**
 * Something a course was told to issue for, reached by a learner: the course completed, an activity completed, a competency proven.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class reached {
    /**
     * What was reached.
     *
     * @param trigger $trigger
     * @param int $triggerid The course, course module or competency.
     * @param int $courseid
     * @param int $userid
     * @param int $recordid The row in the trigger's own table.
     * @param int $time When, Unix seconds.
     */
    public function __construct(
        /** @var trigger What kind of thing. */
        public readonly trigger $trigger,
        /** @var int The course, course module or competency. */
        public readonly int $triggerid,
        /** @var int The course it happened in. */
        public readonly int $courseid,
        /** @var int The learner. */
        public readonly int $userid,
        /** @var int The row in the trigger's own table. */
        public readonly int $recordid,
        /** @var int When, Unix seconds. */
        public readonly int $time
    ) {
    }

    /**
     * The name of this one completion: the same for ever, and of no other.
     *
     * @return string
     */
    public function episode(): string {
        return $this->trigger->episode_prefix() . $this->recordid;
    }

    /**
     * A completed course.
     *
     * @param \core\event\course_completed $event
     * @return self
     */
    public static function from_course_completed(\core\event\course_completed $event): self {
        $completion = $event->get_record_snapshot('course_completions', $event->objectid);
        return new self(
            trigger::COURSE,
            (int) $event->courseid,
            (int) $event->courseid,
            (int) $event->relateduserid,
            (int) $event->objectid,
            (int) ($completion->timecompleted ?: $event->timecreated)
        );
    }

    /**
     * A completed activity, or null where it is not complete, or failed.
     *
     * @param \core\event\course_module_completion_updated $event
     * @return self|null
     */
    public static function from_activity(\core\event\course_module_completion_updated $event): ?self {
        global $CFG;
        require_once($CFG->libdir . '/completionlib.php');
        if (!in_array((int) $event->other['completionstate'], [COMPLETION_COMPLETE, COMPLETION_COMPLETE_PASS], true)) {
            return null;
        }
        return new self(
            trigger::ACTIVITY,
            (int) $event->contextinstanceid,
            (int) $event->courseid,
            (int) $event->relateduserid,
            (int) $event->objectid,
            (int) $event->timecreated
        );
    }

    /**
     * A competency proven in a course, or null where the evidence does not make it so.
     *
     * @param \core\event\competency_evidence_created $event
     * @return self|null
     */
    public static function from_competency(\core\event\competency_evidence_created $event): ?self {
        global $DB;
        $incourse = $DB->get_record('competency_usercompcourse', [
            'userid' => $event->relateduserid,
            'courseid' => $event->courseid,
            'competencyid' => $event->other['competencyid'],
            'proficiency' => 1,
        ]);
        return !$incourse ? null : new self(
            trigger::COMPETENCY,
            (int) $incourse->competencyid,
            (int) $incourse->courseid,
            (int) $incourse->userid,
            (int) $incourse->id,
            (int) $event->timecreated
        );
    }
}
