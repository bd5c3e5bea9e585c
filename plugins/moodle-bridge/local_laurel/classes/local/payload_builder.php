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
 * Reads Moodle for what a delivery says, at the first attempt: by then the grade is there, which it is not when the event fires.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class payload_builder {
    /**
     * The body of an outbox row's delivery, from what is true now.
     *
     * @param \stdClass $row
     * @return string JSON.
     * @throws gone When the learner or the course was deleted.
     */
    public static function build(\stdClass $row): string {
        global $CFG, $DB;
        $course = $DB->get_record('course', ['id' => $row->courseid]) ?: throw new gone('course');
        $user = $DB->get_record('user', ['id' => $row->userid, 'deleted' => 0]) ?: throw new gone('learner');
        // What the course stands for now, so that a corrected setting helps; what it stood for then, where it was opted out since.
        $offering = offering_map::from_config()->offering((string) $course->idnumber) ?? $row->offering;
        $language = force_current_language($user->lang);
        try {
            return payload::compose(
                $row,
                $offering,
                $course,
                \core\context\course::instance($course->id),
                $user,
                self::grade((int) $course->id, (int) $user->id),
                $CFG->wwwroot,
                $CFG->lang
            );
        } finally {
            force_current_language($language);
        }
    }

    /**
     * The learner's course total, or null where there is none.
     *
     * @param int $courseid
     * @param int $userid
     * @return grade|null
     */
    private static function grade(int $courseid, int $userid): ?grade {
        global $CFG;
        require_once($CFG->libdir . '/gradelib.php');
        $item = \grade_item::fetch_course_item($courseid);
        if ($item->needsupdate) {
            grade_regrade_final_grades($courseid);
            $item = \grade_item::fetch_course_item($courseid);
        }
        $final = \grade_grade::fetch(['itemid' => $item->id, 'userid' => $userid]);
        if (!$final || $final->finalgrade === null || !in_array($item->gradetype, [GRADE_TYPE_VALUE, GRADE_TYPE_SCALE])) {
            return null;
        }
        // Moodle's own reading: a pass mark at the bottom of the scale, or zero, is no pass mark.
        $passmark = $final->is_passed($item) === null ? null : grade::decimal($item->gradepass);
        return new grade(
            grade::decimal($final->finalgrade),
            grade::decimal($item->grademin),
            grade::decimal($item->grademax),
            $passmark,
            strip_tags(grade_format_gradevalue((float) $final->finalgrade, $item, false)),
            $final->is_hidden()
        );
    }
}
