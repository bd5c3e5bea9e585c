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
 * What was reached and stands in no outbox row: from before a course was opted in, or missed.
 *
 * Found by what is missing, never by a time reached so far: Moodle completes courses with times in the past.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class history {
    /** Rows read at once. */
    private const BATCH = 500;

    /**
     * The FROM and WHERE of what a course has that stands in no row.
     *
     * @param course_settings $settings
     * @param int $since Only what was reached then or later.
     * @return array{0: string, 1: array}
     */
    private static function missing_sql(course_settings $settings, int $since): array {
        global $DB;
        $trigger = $settings->trigger;
        $episode = $DB->sql_concat("'{$trigger->episode_prefix()}'", 'r.id');
        $incourse = $trigger === trigger::COMPETENCY ? 'AND r.courseid = :courseid' : '';
        $sql = "FROM {{$trigger->table()}} r
                JOIN {user} u ON u.id = r.userid AND u.deleted = 0
               WHERE r.{$trigger->target_column()} = :target {$incourse}
                     AND {$trigger->reached_sql()} AND r.{$trigger->time_column()} >= :since
                     AND NOT EXISTS (SELECT 1 FROM {" . outbox::TABLE . "} o WHERE o.episode = {$episode})";
        $params = ['target' => $settings->triggerid, 'since' => $since];
        return [$sql, $params + ($incourse === '' ? [] : ['courseid' => $settings->courseid])];
    }

    /**
     * How much is missing of a course.
     *
     * @param course_settings $settings
     * @param int $since
     * @return int
     */
    public static function count_missing(course_settings $settings, int $since = 0): int {
        global $DB;
        [$sql, $params] = self::missing_sql($settings, $since);
        return $DB->count_records_sql("SELECT COUNT(*) {$sql}", $params);
    }

    /**
     * Note what is missing of a course. May be stopped anywhere and begun again.
     *
     * @param course_settings $settings
     * @param int $now
     * @param int $since
     * @param callable|null $progress Called with how many were noted so far.
     * @return int How many were noted.
     */
    public static function note_missing(course_settings $settings, int $now, int $since = 0, ?callable $progress = null): int {
        global $DB;
        $course = $DB->get_record('course', ['id' => $settings->courseid]);
        if (!$course) {
            return 0;
        }
        [$sql, $params] = self::missing_sql($settings, $since);
        $time = $settings->trigger->time_column();
        $noted = $last = 0;
        do {
            $rows = $DB->get_records_sql(
                "SELECT r.id, r.userid, r.{$time} AS timereached {$sql} AND r.id > :last ORDER BY r.id",
                $params + ['last' => $last],
                0,
                self::BATCH
            );
            foreach ($rows as $row) {
                $last = (int) $row->id;
                $reached = new reached(
                    $settings->trigger,
                    $settings->triggerid,
                    $settings->courseid,
                    (int) $row->userid,
                    $last,
                    (int) $row->timereached
                );
                $noted += (int) outbox::add($reached, $settings, $course, $now);
            }
            if ($progress && $rows) {
                $progress($noted);
            }
        } while (count($rows) === self::BATCH);
        return $noted;
    }
}
