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

namespace local_laurel\check;

use core\check\check;
use core\check\result;

/**
 * Whether this server's clock is right, as the bridge sees it, on Moodle's system status page.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class clock extends check {
    /** How far off the bridge still takes a signature, in seconds. */
    private const TOLERANCE = 300;

    /**
     * The check's name.
     *
     * @return string
     */
    public function get_name(): string {
        return get_string('checkclock', 'local_laurel');
    }

    /**
     * What the bridge's last answer said of the time.
     *
     * @return result
     */
    public function get_result(): result {
        $ahead = (int) get_config('local_laurel', 'clockahead');
        if ($ahead === 0) {
            return new result(result::OK, get_string('clock_right', 'local_laurel'));
        }
        $facts = (object) [
            'seconds' => abs($ahead),
            'direction' => get_string($ahead > 0 ? 'clock_ahead' : 'clock_behind', 'local_laurel'),
        ];
        return new result(
            abs($ahead) > self::TOLERANCE ? result::ERROR : result::WARNING,
            get_string('clock_off', 'local_laurel', $facts)
        );
    }
}
