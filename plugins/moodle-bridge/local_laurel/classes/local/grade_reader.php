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
 * Reads the grade that stands behind a completion.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class grade_reader {
    /**
     * The grade, or null where there is none: the course total, the activity's grade, the rating of the competency.
     *
     * @param trigger $trigger
     * @param int $triggerid
     * @param int $courseid
     * @param int $userid
     * @return grade|null
     */
    public static function read(trigger $trigger, int $triggerid, int $courseid, int $userid): ?grade {
        global $CFG;
        require_once($CFG->libdir . '/gradelib.php');
        if ($trigger === trigger::COMPETENCY) {
            return self::rating($triggerid, $courseid, $userid);
        }
        $item = self::item($trigger, $triggerid, $courseid);
        if ($item && $item->needsupdate) {
            grade_regrade_final_grades($courseid);
            $item = self::item($trigger, $triggerid, $courseid);
        }
        return $item ? self::final_grade($item, $userid) : null;
    }

    /**
     * Whether a teacher set the grade by hand.
     *
     * @param trigger $trigger
     * @param int $triggerid
     * @param int $courseid
     * @param int $userid
     * @return bool
     */
    public static function is_overridden(trigger $trigger, int $triggerid, int $courseid, int $userid): bool {
        $item = $trigger === trigger::COMPETENCY ? null : self::item($trigger, $triggerid, $courseid);
        $final = $item ? \grade_grade::fetch(['itemid' => $item->id, 'userid' => $userid]) : null;
        return $final && $final->is_overridden();
    }

    /**
     * The grade item of a course or an activity.
     *
     * @param trigger $trigger
     * @param int $triggerid
     * @param int $courseid
     * @return \grade_item|null
     */
    private static function item(trigger $trigger, int $triggerid, int $courseid): ?\grade_item {
        global $DB;
        if ($trigger === trigger::COURSE) {
            // Not fetch_course_item(), which makes one, and throws, where the course is gone.
            return \grade_item::fetch(['courseid' => $courseid, 'itemtype' => 'course']) ?: null;
        }
        $module = $DB->get_record_sql(
            'SELECT cm.instance, m.name FROM {course_modules} cm JOIN {modules} m ON m.id = cm.module WHERE cm.id = :id',
            ['id' => $triggerid]
        );
        return $module ? (\grade_item::fetch([
            'courseid' => $courseid,
            'itemtype' => 'mod',
            'itemmodule' => $module->name,
            'iteminstance' => $module->instance,
            'itemnumber' => 0,
        ]) ?: null) : null;
    }

    /**
     * A learner's final grade of an item.
     *
     * @param \grade_item $item
     * @param int $userid
     * @return grade|null
     */
    private static function final_grade(\grade_item $item, int $userid): ?grade {
        $final = \grade_grade::fetch(['itemid' => $item->id, 'userid' => $userid]);
        if (!$final || $final->finalgrade === null || !in_array($item->gradetype, [GRADE_TYPE_VALUE, GRADE_TYPE_SCALE])) {
            return null;
        }
        // Moodle's own reading: a pass mark at the bottom of the scale, or zero, is no pass mark.
        $passmark = $final->is_passed($item) === null ? null : grade::decimal($item->gradepass);
        $scale = $item->gradetype == GRADE_TYPE_SCALE ? $item->load_scale() : null;
        return new grade(
            grade::decimal($final->finalgrade),
            grade::decimal($item->grademin),
            grade::decimal($item->grademax),
            $passmark,
            strip_tags(grade_format_gradevalue((float) $final->finalgrade, $item, false)),
            (bool) $final->is_hidden(),
            $scale ? array_map('trim', $scale->load_items()) : null
        );
    }

    /**
     * A learner's rating of a competency in a course.
     *
     * @param int $competencyid
     * @param int $courseid
     * @param int $userid
     * @return grade|null
     */
    private static function rating(int $competencyid, int $courseid, int $userid): ?grade {
        global $DB;
        $rating = $DB->get_field(
            'competency_usercompcourse',
            'grade',
            ['userid' => $userid, 'courseid' => $courseid, 'competencyid' => $competencyid]
        );
        $competency = \core_competency\competency::get_record(['id' => $competencyid]);
        if (!$rating || !$competency) {
            return null;
        }
        $words = array_map('trim', $competency->get_scale()->load_items());
        return new grade(
            grade::decimal($rating),
            grade::decimal(1),
            grade::decimal(count($words)),
            null,
            $words[$rating - 1] ?? grade::decimal($rating),
            false,
            $words
        );
    }
}
