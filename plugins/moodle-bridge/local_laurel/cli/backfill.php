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

/**
 * Tells earlier completions: of one course, or of all that issue.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

define('CLI_SCRIPT', true);

require(__DIR__ . '/../../../config.php');
require_once($CFG->libdir . '/clilib.php');

use local_laurel\local\course_settings;
use local_laurel\local\history;

[$options, $unknown] = cli_get_params(
    ['course' => null, 'all' => false, 'dry-run' => false, 'help' => false],
    ['c' => 'course', 'a' => 'all', 'n' => 'dry-run', 'h' => 'help']
);
if ($unknown) {
    cli_error(get_string('cliunknowoption', 'core_admin', implode("\n  ", $unknown)), 2);
}
if ($options['help'] || (!$options['all'] && $options['course'] === null)) {
    cli_writeln('Note earlier completions of courses that issue, to be told to the Laurel bridge by the next sweeps.
It may be stopped at any time: begun again, it goes on where it was.

  -c, --course=ID   of this course
  -a, --all         of every course that issues
  -n, --dry-run     only count
  -h, --help        this text');
    exit($options['help'] ? 0 : 2);
}

$now = \core\di::get(\core\clock::class)->time();
$issuing = course_settings::all_issuing($now);
if (!$options['all']) {
    $issuing = array_intersect_key($issuing, [(int) $options['course'] => true]);
    if (!$issuing) {
        cli_error("Course {$options['course']} does not issue: opt it in first.", 1);
    }
}
$total = 0;
foreach ($issuing as $id => $settings) {
    $missing = history::count_missing($settings);
    if ($options['dry-run']) {
        cli_writeln("Course {$id}: {$missing} earlier completions are not told.");
        $total += $missing;
        continue;
    }
    $total += history::note_missing(
        $settings,
        $now,
        0,
        static fn(int $noted) => cli_writeln("Course {$id}: {$noted} of {$missing}")
    );
}
cli_writeln($options['dry-run'] ? "{$total} in all. Nothing was noted." : "{$total} noted. They go with the next sweeps.");
