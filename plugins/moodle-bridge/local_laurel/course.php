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
 * Whether a course issues micro-credentials, for what, and which offering.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

require(__DIR__ . '/../../config.php');

use local_laurel\form\course_form;
use local_laurel\local\course_settings;
use local_laurel\local\history;

$course = get_course(required_param('id', PARAM_INT));
require_login($course);
$context = \core\context\course::instance($course->id);
require_capability('local/laurel:configurecourse', $context);
$url = new moodle_url('/local/laurel/course.php', ['id' => $course->id]);
$PAGE->set_url($url);
$PAGE->set_pagelayout('admin');
$PAGE->set_title(get_string('coursesettings', 'local_laurel'));
$PAGE->set_heading(format_string($course->fullname, true, ['context' => $context]));

$now = \core\di::get(\core\clock::class)->time();
$row = course_settings::for_form($course, $now);
$form = new course_form($url, ['course' => $course, 'row' => $row]);
$form->fill($row);
if ($form->is_cancelled()) {
    redirect(new moodle_url('/course/view.php', ['id' => $course->id]));
}
$said = $form->said();
if ($said) {
    course_settings::save($course, $said, (int) $USER->id, $now);
    redirect($url, get_string('changessaved'), null, \core\output\notification::NOTIFY_SUCCESS);
}

echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('coursesettings', 'local_laurel'));
$settings = course_settings::of_issuing($course, $now);
if ($settings !== null) {
    $missing = history::count_missing($settings);
    $facts = (object) ['since' => userdate($settings->since), 'missing' => $missing];
    echo $OUTPUT->notification(
        get_string($missing ? 'issuing_since_missing' : 'issuing_since', 'local_laurel', $facts),
        \core\output\notification::NOTIFY_INFO,
        false
    );
    if ($missing && has_capability('local/laurel:managedeliveries', \core\context\system::instance())) {
        $backfill = new moodle_url('/local/laurel/backfill.php', ['course' => $course->id]);
        echo $OUTPUT->single_button($backfill, get_string('backfill', 'local_laurel'), 'get');
    }
}
$form->display();
echo $OUTPUT->footer();
