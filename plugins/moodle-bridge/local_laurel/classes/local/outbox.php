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
 * What is to be told to the bridge, kept until it has said that it has it: completions, and corrections of them.
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

    /** A row that tells a completion. */
    public const COMPLETION = 'completion';

    /** A row that tells what changed after a completion was told. */
    public const CORRECTION = 'correction';

    /** The learner has not asked for it yet, and the course leaves that to them. */
    public const UNCLAIMED = 'unclaimed';

    /** Not arrived yet; tried again by itself. */
    public const WAITING = 'waiting';

    /** The bridge has it. */
    public const DELIVERED = 'delivered';

    /** Trying again by itself is pointless; somebody has to look. */
    public const ATTENTION = 'attention';

    /**
     * Note what a learner reached, if the course issues for it. Called inside Moodle's transaction: rolled back with it,
     * committed with it.
     *
     * @param reached $reached
     * @param int $now
     * @return bool Whether there is a new row.
     */
    public static function note(reached $reached, int $now): bool {
        $course = get_course($reached->courseid);
        $settings = course_settings::of_issuing($course, $now);
        if (
            $settings === null || $settings->trigger !== $reached->trigger
                || $settings->triggerid !== $reached->triggerid || $reached->time < $settings->since
        ) {
            return false;
        }
        return self::add($reached, $settings, $course, $now);
    }

    /**
     * Add a row for what was reached, unless there is one.
     *
     * @param reached $reached
     * @param course_settings $settings
     * @param \stdClass $course The course's record.
     * @param int $now
     * @return bool Whether there is a new row.
     */
    public static function add(reached $reached, course_settings $settings, \stdClass $course, int $now): bool {
        global $DB;
        if ($DB->record_exists(self::TABLE, ['episode' => $reached->episode()])) {
            return false;
        }
        $snapshot = snapshot::now($reached->userid, $reached->courseid);
        $DB->insert_record(self::TABLE, (object) [
            'kind' => self::COMPLETION,
            'episode' => $reached->episode(),
            'triggerkind' => $reached->trigger->value,
            'triggerid' => $reached->triggerid,
            'courseid' => $reached->courseid,
            'userid' => $reached->userid,
            'offering' => $settings->resolve($course),
            'timecompleted' => $reached->time,
            'snapshot' => json_encode($snapshot, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE),
            'deliveryid' => \core\uuid::generate(),
            'state' => $settings->consent === course_settings::CLAIM ? self::UNCLAIMED : self::WAITING,
            'attempts' => 0,
            'nextattempt' => 0,
            'timecreated' => $now,
            'timemodified' => $now,
        ]);
        return true;
    }

    /**
     * Note a correction of a completion that was told. What it says is fixed here.
     *
     * @param \stdClass $about The completion's row.
     * @param change $change
     * @param standing $standing
     * @param int $now
     */
    public static function note_correction(\stdClass $about, change $change, standing $standing, int $now): void {
        global $CFG, $DB;
        $id = \core\uuid::generate();
        $DB->insert_record(self::TABLE, (object) [
            'kind' => self::CORRECTION,
            'about' => $about->id,
            'episode' => "{$change->value}:{$id}",
            'triggerkind' => $about->triggerkind,
            'triggerid' => $about->triggerid,
            'courseid' => $about->courseid,
            'userid' => $about->userid,
            'offering' => $about->offering,
            'timecompleted' => $about->timecompleted,
            'deliveryid' => $id,
            'payload' => payload::correction($id, $about->episode, $change, $standing, $now, $CFG->wwwroot),
            'state' => self::WAITING,
            'attempts' => 0,
            'nextattempt' => 0,
            'timecreated' => $now,
            'timemodified' => $now,
        ]);
    }

    /**
     * The learner asks for what they reached: from now on it is told. What does not count any more cannot be asked for.
     *
     * @param int $id
     * @param int $userid
     * @param int $now
     * @return bool Whether it is asked for now.
     */
    public static function claim(int $id, int $userid, int $now): bool {
        global $DB;
        $row = $DB->get_record(self::TABLE, ['id' => $id, 'userid' => $userid, 'kind' => self::COMPLETION]);
        if (!$row || $row->state !== self::UNCLAIMED) {
            return (bool) $row;
        }
        if (!payload_builder::standing($row)->reached) {
            self::forget_unclaimed($id);
            return false;
        }
        $DB->update_record(self::TABLE, (object) [
            'id' => $id, 'state' => self::WAITING, 'timeclaimed' => $now, 'timemodified' => $now,
        ]);
        return true;
    }

    /**
     * Nobody asked for it, and it does not count any more: there is nothing to be told. Reached again it is noted again.
     *
     * @param int $id
     */
    public static function forget_unclaimed(int $id): void {
        global $DB;
        $DB->delete_records(self::TABLE, ['id' => $id, 'state' => self::UNCLAIMED]);
    }

    /**
     * The episode in which the same learner completed the same before, or null.
     *
     * @param \stdClass $row
     * @return string|null
     */
    public static function previous(\stdClass $row): ?string {
        global $DB;
        $earlier = $DB->get_records_select(
            self::TABLE,
            'kind = :kind AND userid = :userid AND courseid = :courseid AND triggerkind = :triggerkind
                AND triggerid = :triggerid AND id < :id AND payload IS NOT NULL',
            [
                'kind' => self::COMPLETION, 'userid' => $row->userid, 'courseid' => $row->courseid,
                'triggerkind' => $row->triggerkind, 'triggerid' => $row->triggerid, 'id' => $row->id,
            ],
            'id DESC',
            'id, episode',
            0,
            1
        );
        return $earlier ? reset($earlier)->episode : null;
    }

    /**
     * What may be tried now, what waits longest first. A correction waits until what it corrects has arrived.
     *
     * @param string $kind
     * @param int $now
     * @param int $limit
     * @return \stdClass[]
     */
    public static function due(string $kind, int $now, int $limit): array {
        global $DB;
        $arrived = $kind === self::CORRECTION
            ? 'AND EXISTS (SELECT 1 FROM {' . self::TABLE . '} c WHERE c.id = o.about AND c.state = :delivered)'
            : '';
        return array_values($DB->get_records_sql(
            'SELECT o.* FROM {' . self::TABLE . "} o
              WHERE o.kind = :kind AND o.state = :state AND o.nextattempt <= :now {$arrived}
           ORDER BY o.nextattempt, o.id",
            ['kind' => $kind, 'state' => self::WAITING, 'now' => $now]
                + ($arrived === '' ? [] : ['delivered' => self::DELIVERED]),
            0,
            $limit
        ));
    }

    /**
     * Freeze what a delivery says. From here on every attempt sends these bytes; what changes later is a correction.
     *
     * @param \stdClass $row
     * @param string $payload
     * @param standing $told How things stand as it tells them.
     * @param standing $now How they stand. Where that is otherwise already, a correction follows.
     * @param int $time
     */
    public static function freeze(\stdClass $row, string $payload, standing $told, standing $now, int $time): void {
        global $DB;
        $row->payload = $payload;
        $remembered = $told->remember();
        $DB->update_record(self::TABLE, (object) [
            'id' => $row->id,
            'payload' => $payload,
            'told' => $remembered,
            'recheck' => $now->changes_since($remembered) ? $time : $row->recheck,
        ]);
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
        $effect = outcome::effect($answer->said);
        $DB->update_record(self::TABLE, (object) [
            'id' => $row->id,
            'state' => match (true) {
                $failure === null => self::DELIVERED,
                $failure->is_final() => self::ATTENTION,
                default => self::WAITING,
            },
            'failure' => $failure?->value,
            'facts' => $failure ? json_encode($answer->facts, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE) : null,
            'completion' => isset($answer->said['completion']) ? strtolower($answer->said['completion']) : null,
            'outcome' => $failure ? null : $effect ?? outcome::IN_FLIGHT,
            'nextpoll' => $failure || $effect !== null ? null : $now,
            'attempts' => $attempts,
            'nextattempt' => $now + ($failure?->concerns_all()
                ? backoff::seconds($attempts, $answer->retryafter, backoff::AWAY)
                : backoff::seconds($attempts, $answer->retryafter)),
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
        $where = "state = :state AND kind = :kind AND nextattempt > :now AND failure {$in}";
        $params += ['state' => self::WAITING, 'kind' => self::COMPLETION, 'now' => $now];
        $DB->set_field_select(self::TABLE, 'nextattempt', $now, $where, $params);
    }

    /**
     * Try again what needs attention, and what waits, at the next sweep.
     *
     * What the bridge could not read was not accepted, so it is prepared anew from what is true now; all else keeps its bytes.
     *
     * @param int[]|null $ids These rows, or null for all.
     * @param int $now
     * @param int|null $courseid Only of this course.
     */
    public static function retry(?array $ids, int $now, ?int $courseid = null): void {
        global $DB;
        $where = 'state IN (:waiting, :attention)';
        $params = ['waiting' => self::WAITING, 'attention' => self::ATTENTION];
        if ($ids !== null) {
            [$in, $more] = $DB->get_in_or_equal($ids, SQL_PARAMS_NAMED, 'id', true, 0);
            $where .= " AND id {$in}";
            $params += $more;
        }
        if ($courseid !== null) {
            $where .= ' AND courseid = :courseid';
            $params['courseid'] = $courseid;
        }
        $unread = ['unread' => failure::REJECTED->value, 'kind' => self::COMPLETION] + $params;
        $DB->set_field_select(self::TABLE, 'payload', null, "{$where} AND kind = :kind AND failure = :unread", $unread);
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
        return array_map('intval', $counts)
            + [self::UNCLAIMED => 0, self::WAITING => 0, self::DELIVERED => 0, self::ATTENTION => 0];
    }

    /**
     * What has not arrived, and why; what needs attention first, then the longest waiting.
     *
     * @param int $limit
     * @param string|null $failure Only what failed so; an empty string is what was not tried yet.
     * @return \stdClass[]
     */
    public static function undelivered(int $limit, ?string $failure = null): array {
        global $DB;
        $where = 'state IN (:waiting, :attention)';
        $params = ['waiting' => self::WAITING, 'attention' => self::ATTENTION];
        if ($failure !== null) {
            $where .= $failure === '' ? ' AND failure IS NULL' : ' AND failure = :failure';
            $params += $failure === '' ? [] : ['failure' => $failure];
        }
        $fields = 'id, kind, episode, courseid, userid, offering, state, failure, facts, attempts, nextattempt, timecompleted, '
            . 'timecreated';
        return array_values($DB->get_records_select(self::TABLE, $where, $params, 'state, id', $fields, 0, $limit));
    }

    /**
     * What has not arrived, counted by why.
     *
     * @return \stdClass[] Each with failure, state, count, and the latest row's facts.
     */
    public static function reasons(): array {
        global $DB;
        return array_values($DB->get_records_sql(
            "SELECT MAX(id) AS id, COALESCE(failure, '') AS failure, state, COUNT(*) AS count
               FROM {" . self::TABLE . "}
              WHERE state IN (:waiting, :attention)
           GROUP BY failure, state
           ORDER BY state, count DESC",
            ['waiting' => self::WAITING, 'attention' => self::ATTENTION]
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
        $why = failure::from($row->failure)->explain((array) json_decode((string) $row->facts, true));
        return $row->state === self::WAITING ? get_string('triedagain', 'local_laurel', $why) : $why;
    }
}
