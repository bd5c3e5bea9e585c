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

use local_laurel\local\course_settings;
use local_laurel\local\history;

/**
 * Notes earlier completions, as an administrator asked for. Begun again after a stop, it goes on where it was.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class backfill extends \core\task\adhoc_task {
    /**
     * A task for one course, or for all that issue.
     *
     * @param int|null $courseid
     * @return self
     */
    public static function for_course(?int $courseid): self {
        $task = new self();
        $task->set_custom_data((object) ['courseid' => $courseid]);
        return $task;
    }

    /**
     * Note them.
     */
    public function execute(): void {
        $now = \core\di::get(\core\clock::class)->time();
        $courseid = $this->get_custom_data()->courseid;
        foreach (course_settings::all_issuing($now) as $id => $settings) {
            if ($courseid === null || $id === (int) $courseid) {
                $noted = history::note_missing($settings, $now, 0, static fn(int $so): null => mtrace("Course {$id}: {$so}"));
                mtrace("Course {$id}: {$noted} earlier completions noted.");
            }
        }
    }
}
