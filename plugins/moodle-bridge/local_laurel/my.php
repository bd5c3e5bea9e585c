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
 * A learner's micro-credentials: earned, on their way, to be asked for, or why not.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

require(__DIR__ . '/../../config.php');

use local_laurel\local\mine;
use local_laurel\local\outbox;

require_login(null, false);
if (isguestuser()) {
    throw new moodle_exception('noguest');
}
$PAGE->set_url('/local/laurel/my.php');
$PAGE->set_context(\core\context\system::instance());
$PAGE->set_pagelayout('standard');
$PAGE->set_title(get_string('mine', 'local_laurel'));
$PAGE->set_heading(get_string('mine', 'local_laurel'));

$claim = optional_param('claim', 0, PARAM_INT);
if ($claim && data_submitted() && confirm_sesskey()) {
    if (!outbox::claim($claim, (int) $USER->id, \core\di::get(\core\clock::class)->time())) {
        redirect($PAGE->url, get_string('claimed_withdrawn', 'local_laurel'), null, \core\output\notification::NOTIFY_WARNING);
    }
    \local_laurel\task\deliver_soon::queue();
    redirect($PAGE->url, get_string('claimed', 'local_laurel'), null, \core\output\notification::NOTIFY_SUCCESS);
}

echo $OUTPUT->header();
echo $OUTPUT->render_from_template('local_laurel/mine', [
    'items' => array_map(static fn(mine $one): array => $one->export(), mine::all((int) $USER->id)),
]);
echo $OUTPUT->footer();
