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
 * What Moodle calls by name.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

/**
 * The checks on Reports > System status.
 *
 * @return \core\check\check[]
 */
function local_laurel_status_checks(): array {
    return [new \local_laurel\check\deliveries(), new \local_laurel\check\clock()];
}

/**
 * The course's own pages, in its navigation.
 *
 * @param navigation_node $node
 * @param stdClass $course
 * @param \core\context\course $context
 */
function local_laurel_extend_navigation_course(navigation_node $node, stdClass $course, \core\context\course $context): void {
    $pages = [
        'local/laurel:viewreport' => ['report', '/local/laurel/report.php', 'i/report'],
        'local/laurel:configurecourse' => ['coursesettings', '/local/laurel/course.php', 'i/settings'],
    ];
    foreach ($pages as $capability => [$name, $path, $icon]) {
        if (has_capability($capability, $context)) {
            $node->add(
                get_string($name, 'local_laurel'),
                new moodle_url($path, ['id' => $course->id]),
                navigation_node::TYPE_SETTING,
                null,
                "local_laurel_{$name}",
                new pix_icon($icon, '')
            );
        }
    }
}

/**
 * A learner's own micro-credentials, on their profile.
 *
 * @param \core_user\output\myprofile\tree $tree
 * @param stdClass $user
 * @param bool $iscurrentuser
 */
function local_laurel_myprofile_navigation(\core_user\output\myprofile\tree $tree, $user, $iscurrentuser): void {
    if ($iscurrentuser && !isguestuser($user)) {
        $tree->add_node(new \core_user\output\myprofile\node(
            'miscellaneous',
            'local_laurel',
            get_string('mine', 'local_laurel'),
            null,
            new moodle_url('/local/laurel/my.php')
        ));
    }
}
