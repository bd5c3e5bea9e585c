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

use local_laurel\local\secrets;
use local_laurel\local\signer;

/**
 * The secret deliveries are signed with. It can be entered and replaced, and is never shown again.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class setting_secret extends \admin_setting_configpasswordunmask {
    /**
     * A masked field for a secret.
     *
     * @param string $name
     * @param string $visiblename
     * @param string $description
     */
    public function __construct($name, $visiblename, $description) {
        parent::__construct($name, $visiblename, $description, '');
    }

    /**
     * Keep a new secret, and let the one before it sign beside it for a while. An empty field changes nothing.
     *
     * @param string $data
     * @return string Empty, or what is wrong.
     */
    public function write_setting($data) {
        $data = trim($data);
        $before = (string) $this->get_setting();
        if ($data === '' || $data === $before) {
            return '';
        }
        $wrong = parent::write_setting($data);
        if ($wrong === '') {
            secrets::keep_before($before, \core\di::get(\core\clock::class)->time());
        }
        return $wrong;
    }

    /**
     * Whether it is a secret as the bridge makes them: a slip of the mouse while copying shows here, not at the first learner.
     *
     * @param string $data
     * @return true|string
     */
    public function validate($data) {
        return signer::is_secret($data) ? true : get_string('secret_invalid', 'local_laurel');
    }

    /**
     * An empty field, and whether there is a secret.
     *
     * @param string $data
     * @param string $query
     * @return string HTML.
     */
    public function output_html($data, $query = '') {
        $stored = (string) $this->get_setting();
        $count = count(secrets::current(\core\di::get(\core\clock::class)->time()));
        $state = match (true) {
            $stored === '' => 'secret_none',
            $count > 1 => 'secret_two',
            default => 'secret_set',
        };
        // What somebody has just entered, wrongly, is not thrown away.
        $shown = $data === $stored ? '' : $data;
        $this->description .= \html_writer::tag('p', get_string($state, 'local_laurel'), ['class' => 'mt-2 mb-0']);
        return parent::output_html($shown, $query);
    }
}
