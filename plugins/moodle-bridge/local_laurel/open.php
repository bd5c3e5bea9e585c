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
 * Leads a learner to their credential. Links to it expire, so a fresh one is asked for, and none is kept in Moodle.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

require(__DIR__ . '/../../config.php');

use local_laurel\local\bridge;
use local_laurel\local\outbox;
use local_laurel\local\request;

require_login(null, false);
$id = required_param('id', PARAM_INT);
$mine = new moodle_url('/local/laurel/my.php');
$PAGE->set_url('/local/laurel/open.php', ['id' => $id]);
$PAGE->set_context(\core\context\user::instance($USER->id));

$row = $DB->get_record(outbox::TABLE, ['id' => $id, 'userid' => $USER->id, 'kind' => outbox::COMPLETION], '*', MUST_EXIST);
$bridge = bridge::from_config();
$claim = null;
if ($bridge->is_configured() && $row->completion) {
    // The learner's session must not be held while another server thinks.
    \core\session\manager::write_close();
    $answer = $bridge->send(request::ask($row->completion));
    $claim = $answer->said['claim'] ?? null;
}
if (!is_string($claim) || !preg_match('~^https?://~', $claim)) {
    redirect($mine, get_string('cannotopen', 'local_laurel'), null, \core\output\notification::NOTIFY_WARNING);
}
redirect($claim);
