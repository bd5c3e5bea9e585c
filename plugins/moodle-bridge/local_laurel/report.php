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
 * Who of a course has which micro-credential, and why not; what has not arrived can be tried again.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

require(__DIR__ . '/../../config.php');

use local_laurel\local\outbox;
use local_laurel\output\report_table;

$course = get_course(required_param('id', PARAM_INT));
$download = optional_param('download', '', PARAM_ALPHA);
require_login($course);
$context = \core\context\course::instance($course->id);
require_capability('local/laurel:viewreport', $context);
$canretry = has_capability('local/laurel:retry', $context);
$url = new moodle_url('/local/laurel/report.php', ['id' => $course->id]);
$PAGE->set_url($url);
$PAGE->set_pagelayout('report');
$PAGE->set_title(get_string('report', 'local_laurel'));
$PAGE->set_heading(format_string($course->fullname, true, ['context' => $context]));

if ($canretry && data_submitted() && confirm_sesskey()) {
    $picked = optional_param('retryall', '', PARAM_RAW) === '' ? optional_param_array('pick', [], PARAM_INT) : null;
    outbox::retry($picked, \core\di::get(\core\clock::class)->time(), (int) $course->id);
    \local_laurel\task\deliver_soon::queue();
    redirect($url, get_string('retrying', 'local_laurel'), null, \core\output\notification::NOTIFY_SUCCESS);
}

$groupid = (int) groups_get_course_group($course, true);
$table = new report_table($course, $groupid, $canretry, $download);
$table->define_baseurl($url);
if ($table->is_downloading()) {
    $table->out(0, false);
    exit;
}

echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('report', 'local_laurel'));
groups_print_course_menu($course, $url);
echo html_writer::start_tag('form', ['method' => 'post', 'action' => $url->out(false)]);
echo html_writer::empty_tag('input', ['type' => 'hidden', 'name' => 'sesskey', 'value' => sesskey()]);
$table->out(50, false);
$open = $DB->record_exists_select(
    outbox::TABLE,
    'courseid = :courseid AND state IN (:waiting, :attention)',
    ['courseid' => $course->id, 'waiting' => outbox::WAITING, 'attention' => outbox::ATTENTION]
);
if ($canretry && $open) {
    foreach (['retrypicked' => 'btn btn-secondary me-2 mr-2', 'retryall' => 'btn btn-secondary'] as $name => $class) {
        echo html_writer::tag('button', get_string($name, 'local_laurel'), [
            'type' => 'submit', 'name' => $name, 'value' => 1, 'class' => $class,
        ]);
    }
}
echo html_writer::end_tag('form');
echo $OUTPUT->footer();
