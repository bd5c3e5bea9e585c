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

namespace local_laurel\local;

/**
 * A course's custom fields, as text.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class course_fields {
    /**
     * What they say, by short name. A select gives its label, not its index.
     *
     * @param int $courseid
     * @return array<string, string>
     */
    public static function values(int $courseid): array {
        $values = [];
        foreach (\core_course\customfield\course_handler::create()->get_instance_data($courseid, true) as $data) {
            $values[$data->get_field()->get('shortname')] = trim(
                html_entity_decode(strip_tags((string) $data->export_value()), ENT_QUOTES | ENT_HTML5)
            );
        }
        return $values;
    }

    /**
     * The fields there are: names by short name.
     *
     * @return array<string, string>
     */
    public static function names(): array {
        $names = [];
        foreach (\core_course\customfield\course_handler::create()->get_fields() as $field) {
            $names[$field->get('shortname')] = $field->get_formatted_name();
        }
        return $names;
    }
}
