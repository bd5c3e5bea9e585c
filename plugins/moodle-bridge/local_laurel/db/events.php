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
 * What the plugin listens to.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

// All inside Moodle's own transaction: rolled back with it, committed with it.
$observers = [
    ...array_map(static fn(string $event): array => [
        'eventname' => "\\core\\event\\{$event}",
        'callback' => '\local_laurel\observer::something_reached',
        'internal' => true,
    ], ['course_completed', 'course_module_completion_updated', 'competency_evidence_created']),
    ...array_map(static fn(string $event): array => [
        'eventname' => "\\core\\event\\{$event}",
        'callback' => '\local_laurel\observer::something_changed',
        'internal' => true,
    ], [
        'user_graded', 'grade_deleted', 'course_module_completion_updated', 'course_reset_ended', 'user_enrolment_deleted',
        'user_updated', 'user_deleted',
    ]),
    ['eventname' => '\core\event\course_deleted', 'callback' => '\local_laurel\observer::course_deleted', 'internal' => true],
];
