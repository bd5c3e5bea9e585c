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
 * What is told of a learner and of a course: as Moodle knows them now, or as it knew them when the outbox row was written.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class snapshot {
    /**
     * A learner, as told.
     *
     * @param \stdClass $user The user's record.
     * @param string|null $esi The European Student Identifier, where the site keeps one.
     * @param string $language The site's language, where the learner chose none.
     * @return array<string, string>
     */
    public static function learner(\stdClass $user, ?string $esi, string $language): array {
        return [
            'id' => (string) $user->id,
            'fullname' => fullname($user),
            'firstname' => (string) $user->firstname,
            'lastname' => (string) $user->lastname,
            'email' => (string) $user->email,
            'idnumber' => (string) $user->idnumber,
            'esi' => (string) $esi,
            'language' => self::language_tag((string) $user->lang ?: $language),
        ];
    }

    /**
     * A course, as told: names as Moodle shows them, filters applied, as plain text.
     *
     * @param \stdClass $course The course's record.
     * @param \core\context $context The course's context.
     * @return array<string, string>
     */
    public static function course(\stdClass $course, \core\context $context): array {
        $plain = static fn(string $name): string
            => trim(format_string($name, true, ['context' => $context, 'escape' => false]));
        return [
            'id' => (string) $course->id,
            'shortname' => $plain($course->shortname),
            'fullname' => $plain($course->fullname),
            'idnumber' => (string) $course->idnumber,
        ];
    }

    /**
     * Learner and course as they are now; each null where it was deleted.
     *
     * @param int $userid
     * @param int $courseid
     * @return array{learner: array<string, string>|null, course: array<string, string>|null}
     */
    public static function now(int $userid, int $courseid): array {
        global $CFG, $DB;
        $user = $DB->get_record('user', ['id' => $userid, 'deleted' => 0]);
        $course = $DB->get_record('course', ['id' => $courseid]);
        $language = force_current_language($user->lang ?? $CFG->lang);
        try {
            return [
                'learner' => $user ? self::learner($user, self::profile_field($userid), $CFG->lang) : null,
                'course' => $course ? self::course($course, \core\context\course::instance($courseid)) : null,
            ];
        } finally {
            force_current_language($language);
        }
    }

    /**
     * What the profile field says that holds the European Student Identifier, where one is configured.
     *
     * @param int $userid
     * @return string
     */
    private static function profile_field(int $userid): string {
        global $DB;
        $field = (string) get_config('local_laurel', 'esifield');
        return $field === '' ? '' : trim((string) $DB->get_field_sql(
            'SELECT d.data FROM {user_info_data} d JOIN {user_info_field} f ON f.id = d.fieldid
              WHERE d.userid = :userid AND f.shortname = :field',
            ['userid' => $userid, 'field' => $field]
        ));
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
}
