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
 * What the bridge is told about one completion, version 1.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class payload {
    /** The version of the shape below. A change of shape is a new version. */
    public const VERSION = 1;

    /**
     * The body of the delivery.
     *
     * @param \stdClass $row The outbox row: episode, triggerkind, triggerid, timecompleted.
     * @param string $offering The offering's id.
     * @param \stdClass $course The course record.
     * @param \core\context $context The course's context.
     * @param \stdClass $user The learner's user record.
     * @param grade|null $grade Null where there is none.
     * @param string $site The site's address, from $CFG->wwwroot.
     * @param string $language The site's language, where the learner chose none.
     * @return string JSON. The exact bytes are what is signed, kept and sent, at every attempt.
     */
    public static function compose(
        \stdClass $row,
        string $offering,
        \stdClass $course,
        \core\context $context,
        \stdClass $user,
        ?grade $grade,
        string $site,
        string $language
    ): string {
        $body = [
            'version' => self::VERSION,
            'site' => $site,
            'episode' => $row->episode,
            'trigger' => ['kind' => $row->triggerkind, 'id' => (string) $row->triggerid],
            'offering' => $offering,
            'course' => [
                'id' => (string) $course->id,
                'shortname' => self::plain($course->shortname, $context),
                'fullname' => self::plain($course->fullname, $context),
                'idnumber' => (string) $course->idnumber,
            ],
            'learner' => [
                'id' => (string) $user->id,
                'fullname' => fullname($user),
                'firstname' => (string) $user->firstname,
                'lastname' => (string) $user->lastname,
                'email' => (string) $user->email,
                'idnumber' => (string) $user->idnumber,
                'language' => self::language_tag((string) $user->lang ?: $language),
            ],
            // What the teacher hides from the learner is not printed on the learner's credential.
            'grade' => $grade === null || $grade->hidden ? null : [
                'value' => $grade->value,
                'minimum' => $grade->minimum,
                'maximum' => $grade->maximum,
                'pass_mark' => $grade->passmark,
                'display' => $grade->display,
            ],
            // A completed course without a pass mark is a passed course: its completion criteria are the assessment.
            'passed' => $grade === null || $grade->passes(),
            'completed' => gmdate('Y-m-d\TH:i:s\Z', (int) $row->timecompleted),
            'attempt' => null,
            'evidence' => [],
        ];
        return json_encode(
            $body,
            JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE
        );
    }

    /**
     * A BCP 47 tag for a Moodle language code: "pt_br" is "pt-br". What a tag cannot say is left out.
     *
     * @param string $code
     * @return string
     */
    private static function language_tag(string $code): string {
        $parts = explode('_', strtolower($code));
        $tag = preg_match('/^[a-z]{2,3}$/D', $parts[0]) ? array_shift($parts) : 'en';
        foreach ($parts as $part) {
            if (!preg_match('/^[a-z0-9]{2,8}$/D', $part)) {
                break;
            }
            $tag .= "-{$part}";
        }
        return $tag;
    }

    /**
     * A course's name as Moodle shows it, filters applied, as plain text.
     *
     * @param string $name
     * @param \core\context $context
     * @return string
     */
    private static function plain(string $name, \core\context $context): string {
        return trim(format_string($name, true, ['context' => $context, 'escape' => false]));
    }
}
