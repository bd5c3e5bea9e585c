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

namespace local_laurel;

use local_laurel\local\mine;

/**
 * The learner's micro-credential on the course's own page.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class course_page {
    /** How loud each tone is. */
    private const LEVELS = [
        mine::GOOD => \core\output\notification::NOTIFY_SUCCESS,
        mine::BAD => \core\output\notification::NOTIFY_WARNING,
        mine::NEUTRAL => \core\output\notification::NOTIFY_INFO,
    ];

    /**
     * Say, above the course's content, what became of what the learner reached in it. A page is never the worse for it.
     *
     * @param \core\hook\output\before_http_headers $hook
     */
    public static function show(\core\hook\output\before_http_headers $hook): void {
        global $PAGE, $USER;
        if (during_initial_install() || !str_starts_with((string) $PAGE->pagetype, 'course-view') || !isloggedin()) {
            return;
        }
        try {
            $latest = mine::latest((int) $USER->id, (int) $PAGE->course->id);
            if ($latest !== null) {
                $html = $hook->renderer->render_from_template('local_laurel/status', $latest->export());
                \core\notification::add($html, self::LEVELS[$latest->tone]);
            }
        } catch (\Throwable $problem) {
            debugging("local_laurel could not show the learner's micro-credential: {$problem->getMessage()}");
        }
    }
}
