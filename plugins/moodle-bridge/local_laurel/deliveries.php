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

/**
 * What has not arrived at the bridge, grouped by why, and buttons to try again.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

require(__DIR__ . '/../../config.php');
require_once($CFG->libdir . '/adminlib.php');

use local_laurel\local\failure;
use local_laurel\local\outbox;

admin_externalpage_setup('local_laurel_deliveries');
$shown = 100;
$reason = optional_param('reason', null, PARAM_ALPHA);
$url = new moodle_url('/local/laurel/deliveries.php', $reason === null ? [] : ['reason' => $reason]);

if (data_submitted() && confirm_sesskey()) {
    $now = \core\di::get(\core\clock::class)->time();
    $one = optional_param('retry', 0, PARAM_INT);
    $all = $reason === null ? null : array_column(outbox::undelivered(0, $reason), 'id');
    outbox::retry($one ? [$one] : $all, $now);
    \local_laurel\task\deliver_soon::queue();
    redirect($url, get_string('retrying', 'local_laurel'), null, \core\output\notification::NOTIFY_SUCCESS);
}

echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('deliveries', 'local_laurel'));
$counts = outbox::counts();
echo html_writer::tag('p', get_string('counts', 'local_laurel', (object) $counts));

$reasons = outbox::reasons();
if ($reasons) {
    $table = new html_table();
    $head = ['state', 'reason', 'count'];
    $table->head = [...array_map(static fn(string $name): string => get_string($name, 'local_laurel'), $head), ''];
    foreach ($reasons as $one) {
        $latest = $DB->get_record(outbox::TABLE, ['id' => $one->id], 'id, state, failure, facts', MUST_EXIST);
        $table->data[] = [
            get_string("state_{$one->state}", 'local_laurel'),
            s(outbox::explain($latest)) ?: get_string('nottried', 'local_laurel'),
            html_writer::link(new moodle_url('/local/laurel/deliveries.php', ['reason' => $one->failure]), $one->count),
            $OUTPUT->single_button(
                new moodle_url('/local/laurel/deliveries.php', ['reason' => $one->failure, 'all' => 1]),
                get_string('retryall', 'local_laurel')
            ),
        ];
    }
    echo html_writer::table($table);
}

if ($rows = outbox::undelivered($shown, $reason)) {
    echo $OUTPUT->heading(get_string('undelivered', 'local_laurel'), 3);
    $table = new html_table();
    $table->head = [
        get_string('user'),
        get_string('course'),
        get_string('what', 'local_laurel'),
        get_string('completed', 'local_laurel'),
        get_string('state', 'local_laurel'),
        get_string('attempts', 'local_laurel'),
        get_string('reason', 'local_laurel'),
        '',
    ];
    $users = $DB->get_records_list('user', 'id', array_unique(array_column($rows, 'userid')));
    $courses = $DB->get_records_list('course', 'id', array_unique(array_column($rows, 'courseid')), '', 'id, shortname');
    foreach ($rows as $row) {
        $again = new single_button(
            new moodle_url($url, ['retry' => $row->id]),
            get_string('retry', 'local_laurel')
        );
        $course = $courses[$row->courseid] ?? null;
        $table->data[] = [
            isset($users[$row->userid]) ? s(fullname($users[$row->userid])) : $row->userid,
            $course ? format_string($course->shortname) : $row->courseid,
            $row->kind === outbox::CORRECTION
                ? get_string('change_' . str_replace('-', '', strtok($row->episode, ':')), 'local_laurel')
                : s($row->offering),
            userdate($row->timecompleted, get_string('strftimedatetimeshort', 'langconfig')),
            get_string("state_{$row->state}", 'local_laurel'),
            $row->attempts,
            s(outbox::explain($row)),
            $OUTPUT->render($again),
        ];
    }
    echo html_writer::table($table);
    $missing = $counts[outbox::WAITING] + $counts[outbox::ATTENTION] - count($rows);
    if ($missing > 0) {
        echo html_writer::tag('p', get_string('notshown', 'local_laurel', $missing));
    }
}
echo $OUTPUT->footer();
