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
 * What may lead to a micro-credential. The values stand in the tables and in what is sent.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
enum trigger: string {
    // The course as a whole.
    case COURSE = 'course';

    // One of its activities.
    case ACTIVITY = 'activity';

    // One of its competencies.
    case COMPETENCY = 'competency';

    /**
     * Moodle's table of who reached it. A row of it is an episode.
     *
     * @return string
     */
    public function table(): string {
        return match ($this) {
            self::COURSE => 'course_completions',
            self::ACTIVITY => 'course_modules_completion',
            self::COMPETENCY => 'competency_usercompcourse',
        };
    }

    /**
     * How the names of its episodes begin.
     *
     * @return string
     */
    public function episode_prefix(): string {
        return $this->table() . ':';
    }

    /**
     * Which rows of the table count as reached, for the table's alias "r".
     *
     * @return string
     */
    public function reached_sql(): string {
        return match ($this) {
            self::COURSE => 'r.timecompleted > 0',
            // COMPLETION_COMPLETE and COMPLETION_COMPLETE_PASS.
            self::ACTIVITY => 'r.completionstate IN (1, 2)',
            self::COMPETENCY => 'r.proficiency = 1',
        };
    }

    /**
     * The table's column of what was reached.
     *
     * @return string
     */
    public function target_column(): string {
        return match ($this) {
            self::COURSE => 'course',
            self::ACTIVITY => 'coursemoduleid',
            self::COMPETENCY => 'competencyid',
        };
    }

    /**
     * The table's column of when.
     *
     * @return string
     */
    public function time_column(): string {
        return $this === self::COURSE ? 'timecompleted' : 'timemodified';
    }
}
