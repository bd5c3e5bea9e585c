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
 * What may change after a completion was told. The values are what the bridge reads.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
enum change: string {
    // The grade is lower than told, or passes no more, or passes after all.
    case GRADE_CHANGED = 'grade-changed';

    // The course was reset, its criteria were unlocked, the activity or competency counts as not reached any more.
    case COMPLETION_WITHDRAWN = 'completion-withdrawn';

    // What was withdrawn is reached again, in the same record.
    case COMPLETION_RESTORED = 'completion-restored';

    // The learner is no longer enrolled in the course.
    case LEARNER_UNENROLLED = 'learner-unenrolled';

    // The learner's account was deleted.
    case LEARNER_DELETED = 'learner-deleted';

    // A name or an identifier of the learner is another one.
    case LEARNER_CORRECTED = 'learner-corrected';
}
