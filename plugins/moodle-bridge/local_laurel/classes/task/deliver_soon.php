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

use local_laurel\local\courier;

/**
 * A sweep out of turn: somebody pressed a button and waits for it.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class deliver_soon extends \core\task\adhoc_task {
    /**
     * Have a sweep made as soon as cron can; once, however often it is asked for.
     */
    public static function queue(): void {
        \core\task\manager::queue_adhoc_task(new self(), true);
    }

    /**
     * One sweep of the outbox.
     */
    public function execute(): void {
        mtrace(courier::from_config()->sweep()->describe());
    }
}
