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

namespace local_laurel\output;

use local_laurel\local\mine;
use local_laurel\local\outbox;
use local_laurel\local\outcome;

defined('MOODLE_INTERNAL') || die();

require_once($CFG->libdir . '/tablelib.php');

/**
 * Who of a course has which micro-credential, and why not.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class report_table extends \table_sql {
    /**
     * A course's table.
     *
     * @param \stdClass $course
     * @param int $groupid Only this group's members; zero is everybody.
     * @param bool $canretry Whether rows can be picked.
     * @param string $download The format to download in, or empty.
     */
    public function __construct(\stdClass $course, int $groupid, bool $canretry, string $download) {
        parent::__construct('local_laurel_report');
        $this->is_downloading($download, clean_filename("{$course->shortname}-micro-credentials"));
        $columns = [
            'fullname' => get_string('fullname'),
            'timecompleted' => get_string('completed', 'local_laurel'),
            'stage' => get_string('state', 'local_laurel'),
            'reason' => get_string('reason', 'local_laurel'),
            'offering' => get_string('offering', 'local_laurel'),
            'corrections' => get_string('corrections', 'local_laurel'),
        ];
        if ($this->is_downloading()) {
            $columns['award'] = get_string('award', 'local_laurel');
        } else if ($canretry) {
            $columns = ['pick' => ''] + $columns;
        }
        $this->define_columns(array_keys($columns));
        $this->define_headers(array_values($columns));
        foreach (['pick', 'stage', 'reason', 'corrections', 'award'] as $column) {
            $this->no_sorting($column);
        }
        $this->sortable(true, 'timecompleted', SORT_DESC);
        $this->collapsible(false);
        $this->set_attribute('class', 'generaltable generalbox local_laurel-report');

        $names = \core_user\fields::for_name()->get_sql('u', false, '', '', false)->selects;
        $members = $groupid ? 'JOIN {groups_members} gm ON gm.userid = u.id AND gm.groupid = :groupid' : '';
        $this->set_sql(
            "o.*, {$names}, u.deleted",
            '{' . outbox::TABLE . "} o JOIN {user} u ON u.id = o.userid {$members}",
            'o.courseid = :courseid AND o.kind = :kind',
            ['courseid' => $course->id, 'kind' => outbox::COMPLETION] + ($groupid ? ['groupid' => $groupid] : [])
        );
    }

    /**
     * A box to pick a row to be tried again.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_pick(\stdClass $row): string {
        if (!in_array($row->state, [outbox::WAITING, outbox::ATTENTION], true)) {
            return '';
        }
        return \html_writer::checkbox('pick[]', $row->id, false, '', [
            'aria-label' => get_string('retry', 'local_laurel') . ': ' . fullname($row),
        ]);
    }

    /**
     * When it was completed.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_timecompleted(\stdClass $row): string {
        return userdate($row->timecompleted, get_string('strftimedatetimeshort', 'langconfig'));
    }

    /**
     * What became of it.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_stage(\stdClass $row): string {
        return get_string('stage_' . (new mine($row))->stage, 'local_laurel');
    }

    /**
     * Why it has not arrived, or there is no credential.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_reason(\stdClass $row): string {
        $reason = outbox::explain($row) ?: outcome::explain($row);
        return $this->is_downloading() ? $reason : s($reason);
    }

    /**
     * What the issuer made of a correction.
     *
     * @param string $effect
     * @return string
     */
    private static function effect(string $effect): string {
        $name = 'effect_' . str_replace('-', '', $effect);
        return get_string_manager()->string_exists($name, 'local_laurel') ? get_string($name, 'local_laurel') : s($effect);
    }

    /**
     * What changed after it was told, and what came of that.
     *
     * @param \stdClass $row
     * @return string
     */
    public function col_corrections(\stdClass $row): string {
        global $DB;
        $told = [];
        foreach ($DB->get_records(outbox::TABLE, ['about' => $row->id], 'id', 'id, episode, state, outcome') as $one) {
            $change = strtok($one->episode, ':');
            $state = $one->state === outbox::DELIVERED
                ? self::effect($one->outcome)
                : get_string("state_{$one->state}", 'local_laurel');
            $told[] = get_string('change_' . str_replace('-', '', $change), 'local_laurel') . " ({$state})";
        }
        return implode('; ', $told);
    }
}
