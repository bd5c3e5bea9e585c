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

use local_laurel\local\corrections;
use local_laurel\local\course_settings;
use local_laurel\local\history;

/**
 * Finds what no event told: completions that stand in no outbox row, and told completions whose record is gone.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class reconcile extends \core\task\scheduled_task {
    /**
     * The task's name as administrators see it.
     *
     * @return string
     */
    public function get_name(): string {
        return get_string('taskreconcile', 'local_laurel');
    }

    /**
     * Compare both ways. What was reached before a course was opted in is left alone.
     */
    public function execute(): void {
        $now = \core\di::get(\core\clock::class)->time();
        $noted = 0;
        foreach (course_settings::all_issuing($now) as $settings) {
            $noted += history::note_missing($settings, $now, $settings->since);
        }
        $withdrawn = corrections::look_for_withdrawn($now);
        mtrace("{$noted} completions found that were not noted, {$withdrawn} told ones to be compared.");
    }
}
