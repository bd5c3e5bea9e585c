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
 * A completion nobody reached, sent to see what the other end makes of it. Nothing is kept there.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class test_event {
    /**
     * The body.
     *
     * @param string $offering
     * @param int $now
     * @return string JSON.
     */
    public static function payload(string $offering, int $now): string {
        global $CFG, $SITE;
        $row = (object) [
            'episode' => 'test:' . $now, 'triggerkind' => trigger::COURSE->value, 'triggerid' => SITEID,
            'timecompleted' => $now, 'timeclaimed' => null,
        ];
        $learner = (object) ([
            'id' => 0, 'firstname' => 'Test', 'lastname' => 'Learner', 'email' => 'test@example.org', 'idnumber' => '',
            'lang' => '',
        ] + array_fill_keys(\core_user\fields::get_name_fields(), ''));
        return payload::completion(
            $row,
            $offering,
            snapshot::course($SITE, \core\context\system::instance()),
            snapshot::learner($learner, '', $CFG->lang),
            new grade('85.00', '0.00', '100.00', '50.00', '85.00'),
            [],
            $CFG->wwwroot
        );
    }

    /**
     * Send it, and say what happened, step by step.
     *
     * @param bridge $bridge
     * @param string $offering
     * @param int $now
     * @return array<int, array{0: bool, 1: string, 2?: \moodle_url}> Each step: whether it is well, what it says in plain text,
     *     and where to put it right.
     */
    public static function run(bridge $bridge, string $offering, int $now): array {
        if (!$bridge->is_configured()) {
            $cure = new \moodle_url('/admin/settings.php', ['section' => 'local_laurel']);
            return [[false, get_string('notconfigured', 'local_laurel'), $cure]];
        }
        $answer = $bridge->send(request::try(self::payload($offering, $now)));
        if ($answer->failure !== null) {
            $page = $answer->failure === failure::BLOCKED ? 'httpsecurity' : 'local_laurel';
            $cure = new \moodle_url('/admin/settings.php', ['section' => $page]);
            return [[false, $answer->failure->explain($answer->facts), $cure]];
        }
        $said = $answer->said;
        $steps = [
            [true, get_string('test_reached', 'local_laurel')],
            [true, get_string('test_recognised', 'local_laurel', (object) [
                'platform' => (string) $said['platform'], 'organisation' => (string) ($said['organisation'] ?? ''),
            ])],
            [true, get_string('test_read', 'local_laurel')],
        ];
        $off = abs((int) $answer->ahead) > bridge::CLOCK_WORTH_TELLING;
        $steps[] = [!$off, $off
            ? get_string('clock_off', 'local_laurel', (object) [
                'seconds' => abs($answer->ahead),
                'direction' => get_string($answer->ahead > 0 ? 'clock_ahead' : 'clock_behind', 'local_laurel'),
            ])
            : get_string('clock_right', 'local_laurel')];
        $steps[] = [
            !empty($said['may_award']),
            get_string(empty($said['may_award']) ? 'test_notallowed' : 'test_allowed', 'local_laurel', $offering),
        ];
        $prognosis = (string) ($said['prognosis'] ?? '');
        if ($prognosis !== '') {
            $steps[] = [$prognosis === 'would-be-issued', $prognosis === 'would-be-issued'
                ? get_string('test_wouldissue', 'local_laurel')
                : get_string('test_wouldnotissue', 'local_laurel', (string) ($said['detail'] ?? $prognosis))];
        }
        try {
            $known = isset(catalogue::offerings()[$offering]);
            $steps[] = [$known, get_string($known ? 'test_known' : 'test_unknown', 'local_laurel', $offering)];
        } catch (\moodle_exception $problem) {
            $steps[] = [false, $problem->getMessage()];
        }
        return $steps;
    }
}
