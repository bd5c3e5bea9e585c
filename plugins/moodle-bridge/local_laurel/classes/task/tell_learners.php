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

namespace local_laurel\task;

use local_laurel\local\notices;

/**
 * Tells learners what the bridge has just told of their completions: it does not wait for their mail to go out.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class tell_learners extends \core\task\adhoc_task {
    /**
     * Have learners told as soon as cron can.
     *
     * @param int[] $ids Rows of the outbox.
     */
    public static function queue(array $ids): void {
        if ($ids) {
            $task = new self();
            $task->set_custom_data($ids);
            \core\task\manager::queue_adhoc_task($task);
        }
    }

    /**
     * Tell them, each once.
     */
    public function execute(): void {
        array_map(notices::tell_outcome(...), (array) $this->get_custom_data());
    }
}
