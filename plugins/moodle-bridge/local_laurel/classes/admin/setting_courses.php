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

namespace local_laurel\admin;

use local_laurel\local\offering_map;

/**
 * Which courses issue, and what.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class setting_courses extends \admin_setting_configtextarea {
    /**
     * A text area, one course a line.
     *
     * @param string $name
     * @param string $visiblename
     * @param string $description
     */
    public function __construct($name, $visiblename, $description) {
        parent::__construct($name, $visiblename, $description, '', PARAM_RAW_TRIMMED);
    }

    /**
     * Whether every line can be understood; a line that cannot would leave a course's learners without their credentials.
     *
     * @param string $data
     * @return true|string
     */
    public function validate($data) {
        $unreadable = offering_map::parse($data)->unreadable;
        return $unreadable ? get_string('courses_invalid', 'local_laurel', s(reset($unreadable))) : true;
    }
}
