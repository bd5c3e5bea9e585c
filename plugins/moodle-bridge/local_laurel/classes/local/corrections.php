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
 * Notices what changed in Moodle after a completion was told: rows are marked when something happened, and compared at the sweep.
 *
 * Comparing makes the same change one correction, however many events it fires, and none where it was undone in between.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class corrections {
    /** Rows compared in one sweep. */
    private const MOST = 500;

    /**
     * Have a learner's completions that were told, or can be asked for, compared at the next sweep.
     *
     * @param int|null $userid
     * @param int|null $courseid Null is every course.
     * @param int $now
     */
    public static function look_at(?int $userid, ?int $courseid, int $now): void {
        global $DB;
        $where = array_filter(['userid' => $userid, 'courseid' => $courseid]);
        if ($where) {
            $sql = implode(' AND ', array_map(static fn(string $column): string => "{$column} = :{$column}", array_keys($where)));
            $where['unclaimed'] = outbox::UNCLAIMED;
            $DB->set_field_select(outbox::TABLE, 'recheck', $now, "(told IS NOT NULL OR state = :unclaimed) AND {$sql}", $where);
        }
    }

    /**
     * Have every completion compared whose record is gone or does not count any more: not all that leads there fires an event.
     *
     * @param int $now
     * @return int How many.
     */
    public static function look_for_withdrawn(int $now): int {
        global $DB;
        $found = 0;
        // As standing::remember() begins.
        $reached = $DB->sql_like('o.told', ':reached');
        foreach (trigger::cases() as $trigger) {
            $episode = $DB->sql_concat("'{$trigger->episode_prefix()}'", 'r.id');
            $ids = $DB->get_fieldset_sql(
                'SELECT o.id
                   FROM {' . outbox::TABLE . "} o
                   JOIN {course} c ON c.id = o.courseid
                  WHERE o.triggerkind = :kind AND ({$reached} OR o.state = :unclaimed) AND o.recheck = 0
                        AND NOT EXISTS (SELECT 1
                                          FROM {{$trigger->table()}} r
                                         WHERE o.episode = {$episode} AND r.userid = o.userid AND {$trigger->reached_sql()})",
                ['kind' => $trigger->value, 'reached' => '{"reached":true%', 'unclaimed' => outbox::UNCLAIMED]
            );
            foreach (array_chunk($ids, 1000) as $some) {
                $DB->set_field_select(outbox::TABLE, 'recheck', $now, 'id IN (' . implode(',', array_map('intval', $some)) . ')');
            }
            $found += count($ids);
        }
        return $found;
    }

    /**
     * Compare what is marked, and note a correction for each thing that changed.
     *
     * @param int $now
     * @return int How many corrections.
     */
    public static function notice(int $now): int {
        global $DB;
        $noted = 0;
        foreach ($DB->get_records_select(outbox::TABLE, 'recheck > 0', [], 'recheck, id', '*', 0, self::MOST) as $row) {
            $standing = payload_builder::standing($row);
            if ($row->told === null) {
                self::look_at_untold($row, $standing);
                continue;
            }
            $changes = $standing->changes_since($row->told);
            // All of it or nothing: what was noted is what is remembered.
            $transaction = $DB->start_delegated_transaction();
            foreach ($changes as $change) {
                outbox::note_correction($row, $change, $standing, $now);
            }
            $DB->update_record(outbox::TABLE, (object) [
                'id' => $row->id,
                'recheck' => 0,
                'told' => $changes ? $standing->remember() : $row->told,
            ]);
            $transaction->allow_commit();
            $noted += count($changes);
        }
        return $noted;
    }

    /**
     * What can be asked for, and does not count any more, or whose learner is gone, can not be asked for any more.
     *
     * @param \stdClass $row
     * @param standing $standing
     */
    private static function look_at_untold(\stdClass $row, standing $standing): void {
        global $DB;
        if (!$standing->reached || $standing->learner === null) {
            outbox::forget_unclaimed((int) $row->id);
        }
        $DB->set_field(outbox::TABLE, 'recheck', 0, ['id' => $row->id]);
    }
}
