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
 * Sends a test event, and says what happened at the other end.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

require(__DIR__ . '/../../config.php');
require_once($CFG->libdir . '/adminlib.php');

use local_laurel\local\bridge;
use local_laurel\local\catalogue;
use local_laurel\local\test_event;

admin_externalpage_setup('local_laurel_test');
$offering = optional_param('offering', '', PARAM_ALPHANUMEXT);
$sending = data_submitted() && confirm_sesskey();
$bridge = bridge::from_config();

echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('test', 'local_laurel'));
echo html_writer::tag('p', get_string('test_about', 'local_laurel'));
if ($sending) {
    $steps = test_event::run($bridge, $offering ?: 'test', \core\di::get(\core\clock::class)->time());
    $done = !in_array(false, array_column($steps, 0), true);
    echo $OUTPUT->notification(
        get_string($done ? 'test_well' : 'test_notwell', 'local_laurel'),
        $done ? \core\output\notification::NOTIFY_SUCCESS : \core\output\notification::NOTIFY_ERROR,
        false
    );
    $lines = array_map(static function (array $step) use ($OUTPUT): string {
        $icon = $OUTPUT->pix_icon($step[0] ? 'i/valid' : 'i/invalid', get_string($step[0] ? 'yes' : 'no'));
        $cure = isset($step[2]) ? ' ' . html_writer::link($step[2], get_string('test_cure', 'local_laurel')) : '';
        return "{$icon} " . s($step[1]) . $cure;
    }, $steps);
    echo html_writer::alist($lines, ['class' => 'list-unstyled', 'data-region' => 'local_laurel-steps']);
}
try {
    $offerings = catalogue::offerings();
} catch (moodle_exception $problem) {
    $offerings = [];
}
echo html_writer::start_tag('form', ['method' => 'post', 'action' => $PAGE->url->out(false)]);
echo html_writer::empty_tag('input', ['type' => 'hidden', 'name' => 'sesskey', 'value' => sesskey()]);
if ($offerings) {
    echo html_writer::label(get_string('offering', 'local_laurel'), 'local_laurel-offering', true, ['class' => 'me-2 mr-2']);
    echo html_writer::select($offerings, 'offering', $offering, false, ['id' => 'local_laurel-offering', 'class' => 'me-2 mr-2']);
}
echo html_writer::tag('button', get_string('test_send', 'local_laurel'), ['type' => 'submit', 'class' => 'btn btn-primary']);
echo html_writer::end_tag('form');
echo $OUTPUT->footer();
