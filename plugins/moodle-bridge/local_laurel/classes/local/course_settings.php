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
 * Whether a course issues, for what, and which offering: what its settings page says, else what the site's list says.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class course_settings {
    /** The table. */
    public const TABLE = 'local_laurel_course';

    /** The course says nothing of its own: the site's list decides. */
    public const SITE = 'site';

    /** The offering was picked from the catalogue. */
    public const OFFERING = 'offering';

    /** The course's ID number is the offering's id. */
    public const IDNUMBER = 'idnumber';

    /** A course custom field holds the offering's id. */
    public const FIELD = 'field';

    /** Issue as soon as it is reached. */
    public const AT_ONCE = 'atonce';

    /** How long it takes at most until the sweep has noted a course of the site's list, in seconds. */
    private const NOTED_WITHIN = 60;

    /** Nothing leaves Moodle before the learner asks for it. */
    public const CLAIM = 'claim';

    /**
     * Settings as stored.
     *
     * @param int $courseid
     * @param bool $enabled
     * @param string $source Where the offering's id comes from.
     * @param string $offering The offering picked.
     * @param string $field The custom field's short name.
     * @param trigger $trigger
     * @param int $triggerid
     * @param string $consent
     * @param int $since When the course was opted in.
     */
    private function __construct(
        /** @var int The course. */
        public readonly int $courseid,
        /** @var bool Whether it issues. */
        public readonly bool $enabled,
        /** @var string Where the offering's id comes from. */
        public readonly string $source,
        /** @var string The offering picked. */
        public readonly string $offering,
        /** @var string The custom field's short name. */
        public readonly string $field,
        /** @var trigger What it issues for. */
        public readonly trigger $trigger,
        /** @var int The course, course module or competency. */
        public readonly int $triggerid,
        /** @var string Whether the learner asks first. */
        public readonly string $consent,
        /** @var int When it was opted in: what was reached before is left alone. */
        public readonly int $since
    ) {
    }

    /**
     * Settings from the table's row.
     *
     * @param \stdClass $row
     * @return self
     */
    private static function from_row(\stdClass $row): self {
        $trigger = trigger::from($row->triggerkind);
        return new self(
            (int) $row->courseid,
            (bool) $row->enabled,
            $row->source,
            (string) $row->offering,
            (string) $row->field,
            $trigger,
            $trigger === trigger::COURSE ? (int) $row->courseid : (int) $row->triggerid,
            $row->consent,
            (int) $row->timeoptedin
        );
    }

    /**
     * What a course that never said anything says.
     *
     * @param int $courseid
     * @param bool $enabled
     * @param int $now
     * @return \stdClass The row.
     */
    private static function blank(int $courseid, bool $enabled, int $now): \stdClass {
        return (object) [
            'courseid' => $courseid, 'enabled' => (int) $enabled, 'source' => self::SITE, 'offering' => '', 'field' => '',
            'triggerkind' => trigger::COURSE->value, 'triggerid' => $courseid, 'consent' => self::AT_ONCE,
            'timeoptedin' => $now, 'timemodified' => $now, 'usermodified' => 0,
        ];
    }

    /**
     * A course's settings, if it issues; null if it does not. Writes nothing: it is asked inside the learner's request.
     *
     * @param \stdClass $course The course's record: id and idnumber.
     * @param int $now
     * @return self|null
     */
    public static function of_issuing(\stdClass $course, int $now): ?self {
        global $DB;
        $row = $DB->get_record(self::TABLE, ['courseid' => $course->id]);
        if ($row && $row->source !== self::SITE) {
            return $row->enabled ? self::from_row($row) : null;
        }
        if (offering_map::from_config()->offering((string) $course->idnumber) === null) {
            return null;
        }
        // Listed, and not noted yet: the sweep, every minute, notes since when.
        return self::from_row($row && $row->enabled ? $row : self::blank((int) $course->id, true, $now - self::NOTED_WITHIN));
    }

    /**
     * Note since when a course has been on the site's list, or that it is not any more.
     *
     * @param \stdClass $course The course's record: id and idnumber.
     * @param int $now
     */
    private static function note_listing(\stdClass $course, int $now): void {
        global $DB;
        $row = $DB->get_record(self::TABLE, ['courseid' => $course->id]);
        $listed = offering_map::from_config()->offering((string) $course->idnumber) !== null;
        if (!$row) {
            if ($listed) {
                $DB->insert_record(self::TABLE, self::blank((int) $course->id, true, $now - self::NOTED_WITHIN));
            }
        } else if ($row->source === self::SITE && (bool) $row->enabled !== $listed) {
            $DB->update_record(self::TABLE, (object) [
                'id' => $row->id,
                'enabled' => (int) $listed,
                'timeoptedin' => $listed ? $now - self::NOTED_WITHIN : $row->timeoptedin,
                'timemodified' => $now,
            ]);
        }
    }

    /**
     * The offering a course stands for now, whether or not it issues; an empty string where its settings lead to none.
     *
     * @param \stdClass $course The course's record.
     * @return string
     */
    public static function offering_of(\stdClass $course): string {
        global $DB;
        $row = $DB->get_record(self::TABLE, ['courseid' => $course->id]);
        return ($row ? self::from_row($row) : self::from_row(self::blank((int) $course->id, false, 0)))->resolve($course);
    }

    /**
     * The offering's id, from wherever these settings take it; an empty string where there is none.
     *
     * @param \stdClass $course The course's record.
     * @return string
     */
    public function resolve(\stdClass $course): string {
        $found = match ($this->source) {
            self::OFFERING => $this->offering,
            self::IDNUMBER => trim((string) $course->idnumber),
            self::FIELD => (string) (course_fields::values((int) $course->id)[$this->field] ?? ''),
            default => (string) offering_map::from_config()->offering((string) $course->idnumber),
        };
        return offering_map::is_offering($found) ? $found : '';
    }

    /**
     * A course's row for its settings page.
     *
     * @param \stdClass $course
     * @param int $now
     * @return \stdClass
     */
    public static function for_form(\stdClass $course, int $now): \stdClass {
        global $DB;
        self::note_listing($course, $now);
        return $DB->get_record(self::TABLE, ['courseid' => $course->id]) ?: self::blank((int) $course->id, false, $now);
    }

    /**
     * Keep what a course's settings page says. Opting in counts from this moment; so does another trigger.
     *
     * @param \stdClass $course
     * @param \stdClass $said The page's fields: enabled, source, offering, field, triggerkind, triggerid, consent.
     * @param int $userid Who says so.
     * @param int $now
     */
    public static function save(\stdClass $course, \stdClass $said, int $userid, int $now): void {
        global $DB;
        $before = self::for_form($course, $now);
        $trigger = trigger::from($said->triggerkind);
        $row = (object) [
            'courseid' => $course->id,
            'enabled' => (int) $said->enabled,
            'source' => $said->source,
            'offering' => $said->source === self::OFFERING ? $said->offering : '',
            'field' => $said->source === self::FIELD ? $said->field : '',
            'triggerkind' => $trigger->value,
            'triggerid' => $trigger === trigger::COURSE ? (int) $course->id : (int) $said->triggerid,
            'consent' => $said->consent,
            'usermodified' => $userid,
            'timemodified' => $now,
        ];
        $continues = !empty($before->id) && $before->enabled && $row->enabled
            && [$before->triggerkind, (int) $before->triggerid] === [$row->triggerkind, $row->triggerid];
        $row->timeoptedin = $continues ? $before->timeoptedin : $now;
        if (empty($before->id)) {
            $DB->insert_record(self::TABLE, $row);
        } else {
            $DB->update_record(self::TABLE, (object) (['id' => $before->id] + (array) $row));
        }
    }

    /**
     * A course is gone, and its settings with it.
     *
     * @param int $courseid
     */
    public static function forget(int $courseid): void {
        global $DB;
        $DB->delete_records(self::TABLE, ['courseid' => $courseid]);
    }

    /**
     * Every course that issues; those the site's list opts in included.
     *
     * @param int $now
     * @return array<int, self> By course id.
     */
    public static function all_issuing(int $now): array {
        global $DB;
        // Those listed without a row, and those whose row says otherwise than the list.
        $sql = "SELECT c.id, c.idnumber
                  FROM {course} c
             LEFT JOIN {" . self::TABLE . "} s ON s.courseid = c.id
                 WHERE (s.id IS NULL AND c.idnumber <> '') OR s.source = :site";
        foreach ($DB->get_records_sql($sql, ['site' => self::SITE]) as $course) {
            self::note_listing($course, $now);
        }
        $all = [];
        foreach ($DB->get_records(self::TABLE, ['enabled' => 1], 'courseid') as $row) {
            $all[(int) $row->courseid] = self::from_row($row);
        }
        return $all;
    }
}
