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
 * Reads Moodle for what is told, at the first attempt: by then the grade is there, which it is not when the event fires.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class payload_builder {
    /**
     * The body that tells an outbox row's completion, how things stand as it tells them, and how they stand.
     *
     * What was deleted since is told as it was when the row was written.
     *
     * @param \stdClass $row
     * @return array{0: string, 1: standing, 2: standing}
     * @throws gone When nothing is known of the learner or the course any more, or the course stands for no offering.
     */
    public static function completion(\stdClass $row): array {
        global $CFG, $DB;
        $standing = self::standing($row);
        $then = (array) json_decode((string) $row->snapshot, true);
        $now = snapshot::now((int) $row->userid, (int) $row->courseid);
        // What the course stands for now, so that a corrected setting helps; what it stood for then, where there is nothing now.
        $course = $DB->get_record('course', ['id' => $row->courseid]);
        $offering = ($course ? course_settings::offering_of($course) : '') ?: $row->offering;
        $learner = $now['learner'] ?? $then['learner'] ?? throw new gone('learner');
        $body = payload::completion(
            $row,
            $offering ?: throw new gone('offering'),
            $now['course'] ?? $then['course'] ?? throw new gone('course'),
            $learner,
            $standing->grade,
            self::circumstances($row),
            $CFG->wwwroot
        );
        return [$body, $standing->as_told($learner), $standing];
    }

    /**
     * How a row's completion stands now.
     *
     * @param \stdClass $row
     * @return standing
     */
    public static function standing(\stdClass $row): standing {
        global $DB;
        $trigger = trigger::from($row->triggerkind);
        $course = \core\context\course::instance($row->courseid, IGNORE_MISSING);
        $learner = snapshot::now((int) $row->userid, (int) $row->courseid)['learner'];
        $language = force_current_language($DB->get_field('user', 'lang', ['id' => $row->userid]) ?: null);
        try {
            $grade = $course
                ? grade_reader::read($trigger, (int) $row->triggerid, (int) $row->courseid, (int) $row->userid)
                : null;
        } finally {
            force_current_language($language);
        }
        return new standing(
            // With the course its records went: that takes nothing back.
            !$course || $DB->record_exists_select(
                $trigger->table(),
                'id = :id AND ' . str_replace('r.', '', $trigger->reached_sql()),
                ['id' => (int) substr($row->episode, strlen($trigger->episode_prefix()))]
            ),
            !$course || is_enrolled($course, (int) $row->userid),
            $learner,
            $grade,
            $grade === null || $grade->passes()
        );
    }

    /**
     * What else is told of it.
     *
     * @param \stdClass $row
     * @return array
     */
    private static function circumstances(\stdClass $row): array {
        global $DB;
        $supervision = (string) get_config('local_laurel', 'supervisionfield');
        $there = $DB->record_exists('course', ['id' => $row->courseid]);
        return [
            'previous' => outbox::previous($row),
            'overrides' => $there ? self::overrides($row) : [],
            'supervision' => $there && $supervision !== ''
                ? (course_fields::values((int) $row->courseid)[$supervision] ?? null)
                : null,
        ] + self::attempt($row);
    }

    /**
     * What a teacher set by hand.
     *
     * @param \stdClass $row
     * @return string[]
     */
    private static function overrides(\stdClass $row): array {
        global $DB;
        $trigger = trigger::from($row->triggerkind);
        $where = $trigger === trigger::ACTIVITY ? 'cmc.coursemoduleid = :triggerid' : 'cm.course = :courseid';
        $params = ['userid' => $row->userid, 'triggerid' => $row->triggerid, 'courseid' => $row->courseid];
        $completion = $trigger !== trigger::COMPETENCY && $DB->record_exists_sql(
            "SELECT 1
               FROM {course_modules_completion} cmc
               JOIN {course_modules} cm ON cm.id = cmc.coursemoduleid
              WHERE cmc.userid = :userid AND cmc.overrideby IS NOT NULL AND {$where}",
            $params
        );
        $ids = [(int) $row->triggerid, (int) $row->courseid, (int) $row->userid];
        return array_keys(array_filter([
            'grade' => grade_reader::is_overridden($trigger, ...$ids),
            'completion' => $completion,
        ]));
    }

    /**
     * The attempt at the quiz that was passed, and where it can be looked at.
     *
     * @param \stdClass $row
     * @return array{attempt?: int, evidence?: string[]}
     */
    private static function attempt(\stdClass $row): array {
        global $DB;
        if ($row->triggerkind !== trigger::ACTIVITY->value) {
            return [];
        }
        $attempts = $DB->get_records_sql(
            "SELECT qa.id, qa.attempt
               FROM {quiz_attempts} qa
               JOIN {course_modules} cm ON cm.instance = qa.quiz
               JOIN {modules} m ON m.id = cm.module AND m.name = 'quiz'
              WHERE cm.id = :cmid AND qa.userid = :userid AND qa.state = 'finished' AND qa.preview = 0
           ORDER BY qa.attempt DESC",
            ['cmid' => $row->triggerid, 'userid' => $row->userid],
            0,
            1
        );
        $last = reset($attempts);
        return !$last ? [] : [
            'attempt' => (int) $last->attempt,
            'evidence' => [(new \moodle_url('/mod/quiz/review.php', ['attempt' => $last->id]))->out(false)],
        ];
    }
}
