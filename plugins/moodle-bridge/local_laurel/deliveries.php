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
 * What has not arrived at the bridge, why, and a button to try again.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

require(__DIR__ . '/../../config.php');
require_once($CFG->libdir . '/adminlib.php');

use local_laurel\local\outbox;

admin_externalpage_setup('local_laurel_deliveries');
$shown = 100;
$retry = optional_param('retry', null, PARAM_INT);

if ($retry !== null && data_submitted() && confirm_sesskey()) {
    outbox::retry($retry ?: null, \core\di::get(\core\clock::class)->time());
    redirect($PAGE->url, get_string('retrying', 'local_laurel'));
}

echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('deliveries', 'local_laurel'));
$counts = outbox::counts();
echo html_writer::tag('p', get_string('counts', 'local_laurel', (object) $counts));

if ($rows = outbox::undelivered($shown)) {
    $table = new html_table();
    $table->head = [
        get_string('user'),
        get_string('course'),
        get_string('offering', 'local_laurel'),
        get_string('completed', 'local_laurel'),
        get_string('state', 'local_laurel'),
        get_string('attempts', 'local_laurel'),
        get_string('reason', 'local_laurel'),
        '',
    ];
    $users = $DB->get_records_list('user', 'id', array_column($rows, 'userid'));
    $courses = $DB->get_records_list('course', 'id', array_column($rows, 'courseid'), '', 'id, shortname');
    foreach ($rows as $row) {
        $again = new single_button(new moodle_url($PAGE->url, ['retry' => $row->id]), get_string('retry', 'local_laurel'));
        $course = $courses[$row->courseid] ?? null;
        $table->data[] = [
            isset($users[$row->userid]) ? s(fullname($users[$row->userid])) : $row->userid,
            $course ? format_string($course->shortname) : $row->courseid,
            s($row->offering),
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
    echo $OUTPUT->single_button(new moodle_url($PAGE->url, ['retry' => 0]), get_string('retryall', 'local_laurel'));
}
echo $OUTPUT->footer();
