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
use local_laurel\local\bridge;
use local_laurel\local\course_settings;
use local_laurel\local\outbox;

/**
 * Whether completions reach the bridge, on Moodle's system status page.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class deliveries extends check {
    /** How long a delivery may wait before somebody should know, in seconds. */
    private const LATE = 900;

    /**
     * The check's name.
     *
     * @return string
     */
    public function get_name(): string {
        return get_string('checkdeliveries', 'local_laurel');
    }

    /**
     * Where to look further.
     *
     * @return \action_link|null
     */
    public function get_action_link(): ?\action_link {
        return new \action_link(new \moodle_url('/local/laurel/deliveries.php'), get_string('deliveries', 'local_laurel'));
    }

    /**
     * What the outbox says.
     *
     * @return result
     */
    public function get_result(): result {
        $counts = outbox::counts();
        $summary = get_string('counts', 'local_laurel', (object) $counts);
        if (!bridge::from_config()->is_configured()) {
            $wanted = $counts[outbox::WAITING] > 0 || course_settings::all_issuing(\core\di::get(\core\clock::class)->time());
            return new result($wanted ? result::WARNING : result::NA, get_string('notconfigured', 'local_laurel'), $summary);
        }
        // What needs attention comes first.
        foreach (outbox::undelivered(1) as $first) {
            $late = \core\di::get(\core\clock::class)->time() - $first->timecreated > self::LATE;
            $status = match (true) {
                $first->state === outbox::ATTENTION => result::ERROR,
                $late, (bool) $first->failure => result::WARNING,
                default => result::OK,
            };
            return new result($status, $summary, s(outbox::explain($first)));
        }
        return new result(result::OK, $summary);
    }
}
