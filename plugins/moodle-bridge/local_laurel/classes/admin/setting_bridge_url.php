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

/**
 * The bridge's address. Names and e-mail addresses go there: https, unless it is this very machine or a private network.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class setting_bridge_url extends \admin_setting_configtext {
    /**
     * A text field for an address.
     *
     * @param string $name
     * @param string $visiblename
     * @param string $description
     */
    public function __construct($name, $visiblename, $description) {
        parent::__construct($name, $visiblename, $description, '', PARAM_RAW_TRIMMED, 60);
    }

    /**
     * Whether the address may be used.
     *
     * @param string $data
     * @return true|string
     */
    public function validate($data) {
        $data = trim($data);
        if ($data === '') {
            return true;
        }
        $parts = parse_url($data);
        $host = $parts['host'] ?? '';
        $scheme = strtolower($parts['scheme'] ?? '');
        $extra = array_diff(array_keys($parts ?: []), ['scheme', 'host', 'port', 'path']);
        if ($host === '' || $extra || !in_array($scheme, ['http', 'https'])) {
            return get_string('bridgeurl_invalid', 'local_laurel');
        }
        $nearby = !str_contains($host, '.') || filter_var(trim($host, '[]'), FILTER_VALIDATE_IP) && !filter_var(
            trim($host, '[]'),
            FILTER_VALIDATE_IP,
            FILTER_FLAG_NO_PRIV_RANGE | FILTER_FLAG_NO_RES_RANGE
        );
        return $scheme === 'https' || $nearby ? true : get_string('bridgeurl_insecure', 'local_laurel');
    }
}
