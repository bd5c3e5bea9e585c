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
 * Earlier completions: how many there are that were not told, and a button to tell them.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

require(__DIR__ . '/../../config.php');
require_once($CFG->libdir . '/adminlib.php');

use local_laurel\local\course_settings;
use local_laurel\local\history;
use local_laurel\task\backfill;

admin_externalpage_setup('local_laurel_backfill');
$now = \core\di::get(\core\clock::class)->time();
$begin = optional_param('begin', null, PARAM_INT);

if ($begin !== null && data_submitted() && confirm_sesskey()) {
    \core\task\manager::queue_adhoc_task(backfill::for_course($begin ?: null), true);
    redirect($PAGE->url, get_string('backfill_begun', 'local_laurel'), null, \core\output\notification::NOTIFY_SUCCESS);
}

echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('backfill', 'local_laurel'));
echo html_writer::tag('p', get_string('backfill_about', 'local_laurel'));
$queued = [];
foreach (\core\task\manager::get_adhoc_tasks(backfill::class) as $task) {
    $queued[] = $task->get_custom_data()->courseid;
}
$table = new html_table();
$table->head = [
    get_string('course'),
    get_string('optedin', 'local_laurel'),
    get_string('told', 'local_laurel'),
    get_string('nottold', 'local_laurel'),
    '',
];
$missing = 0;
foreach (course_settings::all_issuing($now) as $id => $settings) {
    $course = $DB->get_record('course', ['id' => $id], 'id, fullname');
    if (!$course) {
        continue;
    }
    $here = history::count_missing($settings);
    $missing += $here;
    $told = $DB->count_records(\local_laurel\local\outbox::TABLE, [
        'courseid' => $id, 'kind' => \local_laurel\local\outbox::COMPLETION,
    ]);
    $underway = in_array($id, $queued) || in_array(null, $queued, true);
    $table->data[] = [
        html_writer::link(new moodle_url('/local/laurel/report.php', ['id' => $id]), format_string($course->fullname)),
        userdate($settings->since, get_string('strftimedatetimeshort', 'langconfig')),
        $told,
        $here,
        match (true) {
            $underway => get_string('backfill_underway', 'local_laurel', (object) ['done' => $told, 'all' => $told + $here]),
            $here > 0 => $OUTPUT->single_button(
                new moodle_url($PAGE->url, ['begin' => $id]),
                get_string('backfill_begin', 'local_laurel')
            ),
            default => '',
        },
    ];
}
if ($table->data) {
    echo html_writer::table($table);
    if ($missing && !$queued) {
        $all = new moodle_url($PAGE->url, ['begin' => 0]);
        echo $OUTPUT->single_button($all, get_string('backfill_all', 'local_laurel', $missing));
    }
} else {
    echo html_writer::tag('p', get_string('backfill_nocourses', 'local_laurel'));
}
echo $OUTPUT->footer();
