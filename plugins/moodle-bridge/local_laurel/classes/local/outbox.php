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
 * The completions to be told to the bridge, kept until it has said that it has them.
 *
 * One row per episode, for ever: the unique index is what keeps a completion from being told twice under two ids.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class outbox {
    /** The table. */
    public const TABLE = 'local_laurel_outbox';

    /** Not arrived yet; tried again by itself. */
    public const WAITING = 'waiting';

    /** The bridge has it. */
    public const DELIVERED = 'delivered';

    /** Trying again by itself is pointless; somebody has to look. */
    public const ATTENTION = 'attention';

    /**
     * Note a course completion, if its course issues. Called inside Moodle's transaction: rolled back with it, committed with it.
     *
     * @param \core\event\course_completed $event
     */
    public static function note_course_completion(\core\event\course_completed $event): void {
        global $DB;
        $map = offering_map::from_config();
        if ($map->is_empty()) {
            return;
        }
        $offering = $map->offering((string) get_course($event->courseid)->idnumber);
        $episode = 'course_completions:' . $event->objectid;
        if ($offering === null || $DB->record_exists(self::TABLE, ['episode' => $episode])) {
            return;
        }
        $completion = $event->get_record_snapshot('course_completions', $event->objectid);
        $DB->insert_record(self::TABLE, (object) [
            'episode' => $episode,
            'triggerkind' => 'course',
            'triggerid' => $event->courseid,
            'courseid' => $event->courseid,
            'userid' => $event->relateduserid,
            'offering' => $offering,
            'timecompleted' => $completion->timecompleted ?: $event->timecreated,
            'deliveryid' => \core\uuid::generate(),
            'state' => self::WAITING,
            'attempts' => 0,
            'nextattempt' => 0,
            'timecreated' => $event->timecreated,
            'timemodified' => $event->timecreated,
        ]);
    }

    /**
     * What may be tried now, what waits longest first.
     *
     * @param int $now
     * @param int $limit
     * @return \stdClass[]
     */
    public static function due(int $now, int $limit): array {
        global $DB;
        $where = 'state = :state AND nextattempt <= :now';
        return array_values($DB->get_records_select(
            self::TABLE,
            $where,
            ['state' => self::WAITING, 'now' => $now],
            'nextattempt, id',
            '*',
            0,
            $limit
        ));
    }

    /**
     * Freeze what a delivery says. From here on every attempt sends these bytes; what changes later is a correction.
     *
     * @param \stdClass $row
     * @param string $payload
     */
    public static function freeze(\stdClass $row, string $payload): void {
        global $DB;
        $row->payload = $payload;
        $DB->set_field(self::TABLE, 'payload', $payload, ['id' => $row->id]);
    }

    /**
     * Keep what came of an attempt.
     *
     * @param \stdClass $row
     * @param answer $answer
     * @param int $now
     */
    public static function settle(\stdClass $row, answer $answer, int $now): void {
        global $DB;
        $attempts = $row->attempts + 1;
        $failure = $answer->failure;
        $DB->update_record(self::TABLE, (object) [
            'id' => $row->id,
            'state' => match (true) {
                $failure === null => self::DELIVERED,
                $failure->is_final() => self::ATTENTION,
                default => self::WAITING,
            },
            'failure' => $failure?->value,
            'facts' => $failure ? json_encode($answer->facts, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE) : null,
            'completion' => $answer->completion,
            'attempts' => $attempts,
            'nextattempt' => $now + backoff::seconds($attempts, $answer->retryafter),
            'timedelivered' => $failure ? null : $now,
            'timemodified' => $now,
        ]);
    }

    /**
     * The bridge answers again: what waited only for that need not wait longer.
     *
     * @param int $now
     */
    public static function release(int $now): void {
        global $DB;
        $failures = array_map(static fn(failure $failure): string => $failure->value, failure::all_concerning());
        [$in, $params] = $DB->get_in_or_equal($failures, SQL_PARAMS_NAMED);
        $where = "state = :state AND nextattempt > :now AND failure {$in}";
        $params += ['state' => self::WAITING, 'now' => $now];
        $DB->set_field_select(self::TABLE, 'nextattempt', $now, $where, $params);
    }

    /**
     * Try again what needs attention, and what waits, at the next sweep.
     *
     * What the bridge could not read was not accepted, so it is prepared anew from what is true now; all else keeps its bytes.
     *
     * @param int|null $id One row, or null for all.
     * @param int $now
     */
    public static function retry(?int $id, int $now): void {
        global $DB;
        $where = 'state <> :delivered' . ($id === null ? '' : ' AND id = :id');
        $params = ['delivered' => self::DELIVERED, 'id' => $id];
        $unread = ['unread' => failure::REJECTED->value] + $params;
        $DB->set_field_select(self::TABLE, 'payload', null, "{$where} AND failure = :unread", $unread);
        $DB->set_field_select(self::TABLE, 'nextattempt', $now, $where, $params);
        $DB->set_field_select(self::TABLE, 'state', self::WAITING, $where, $params);
    }

    /**
     * How many rows are in each state.
     *
     * @return array<string, int>
     */
    public static function counts(): array {
        global $DB;
        $counts = $DB->get_records_sql_menu('SELECT state, COUNT(*) FROM {' . self::TABLE . '} GROUP BY state');
        return array_map('intval', $counts) + [self::WAITING => 0, self::DELIVERED => 0, self::ATTENTION => 0];
    }

    /**
     * What has not arrived, and why; the longest waiting first.
     *
     * @param int $limit
     * @return \stdClass[]
     */
    public static function undelivered(int $limit): array {
        global $DB;
        return array_values($DB->get_records_select(
            self::TABLE,
            'state <> :delivered',
            ['delivered' => self::DELIVERED],
            'state, id',
            'id, episode, courseid, userid, offering, state, failure, facts, attempts, nextattempt, timecompleted, timecreated',
            0,
            $limit
        ));
    }

    /**
     * Why a row has not arrived, in the reader's language: plain text, to be escaped where it is shown.
     *
     * @param \stdClass $row
     * @return string Empty before the first attempt.
     */
    public static function explain(\stdClass $row): string {
        if (empty($row->failure)) {
            return '';
        }
        return get_string('failure_' . $row->failure, 'local_laurel', json_decode((string) $row->facts) ?: new \stdClass());
    }
}
