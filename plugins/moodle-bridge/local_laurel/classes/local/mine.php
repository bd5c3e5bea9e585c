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
 * One micro-credential as its learner sees it: earned, on its way, to be asked for, or why not.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class mine {
    /** Earned, or there for the asking. */
    public const GOOD = 'good';

    /** There is none. */
    public const BAD = 'bad';

    /** On its way. */
    public const NEUTRAL = 'neutral';

    /** Outcomes that are told as they are. */
    private const DECIDED = [outcome::ISSUED, outcome::SUSPENDED, outcome::REVOKED, outcome::REFUSED];

    /** @var string What it is to the learner: unclaimed, issued, suspended, revoked, refused, delayed, coming. */
    public readonly string $stage;

    /** @var string The tone to say it in. */
    public readonly string $tone;

    /**
     * A learner's view of an outbox row.
     *
     * @param \stdClass $row
     */
    public function __construct(
        /** @var \stdClass The outbox row. */
        private readonly \stdClass $row
    ) {
        $this->stage = match (true) {
            $row->state === outbox::UNCLAIMED => 'unclaimed',
            $row->state === outbox::ATTENTION, $row->outcome === outcome::PARKED => 'delayed',
            in_array($row->outcome, self::DECIDED, true) => $row->outcome,
            default => 'coming',
        };
        $this->tone = match ($this->stage) {
            'issued', 'unclaimed' => self::GOOD,
            'refused', 'suspended', 'revoked' => self::BAD,
            default => self::NEUTRAL,
        };
    }

    /**
     * All of a learner's, the latest first.
     *
     * @param int $userid
     * @return self[]
     */
    public static function all(int $userid): array {
        return self::find(['userid' => $userid], 0);
    }

    /**
     * The latest of a learner's in a course, or null.
     *
     * @param int $userid
     * @param int $courseid
     * @return self|null
     */
    public static function latest(int $userid, int $courseid): ?self {
        return self::find(['userid' => $userid, 'courseid' => $courseid], 1)[0] ?? null;
    }

    /**
     * Some of them.
     *
     * @param array<string, int> $where
     * @param int $limit Zero is all.
     * @return self[]
     */
    private static function find(array $where, int $limit): array {
        global $DB;
        $where += ['kind' => outbox::COMPLETION];
        return array_map(
            static fn(\stdClass $row): self => new self($row),
            array_values($DB->get_records(outbox::TABLE, $where, 'timecompleted DESC, id DESC', '*', 0, $limit))
        );
    }

    /**
     * What the templates show.
     *
     * @return array
     */
    public function export(): array {
        $reason = outcome::explain($this->row);
        return [
            'course' => notices::course_name($this->row),
            'date' => userdate($this->row->timecompleted, get_string('strftimedate', 'langconfig')),
            'text' => get_string("mine_{$this->stage}", 'local_laurel'),
            'badge' => get_string("stage_{$this->stage}", 'local_laurel'),
            'reason' => $this->stage === 'refused' ? $reason : '',
            'good' => $this->tone === self::GOOD,
            'bad' => $this->tone === self::BAD,
            'open' => $this->stage !== 'issued' ? null
                : (new \moodle_url('/local/laurel/open.php', ['id' => $this->row->id]))->out(false),
            'claim' => $this->stage !== 'unclaimed' ? null : [
                'action' => (new \moodle_url('/local/laurel/my.php'))->out(false),
                'id' => (int) $this->row->id,
                'sesskey' => sesskey(),
            ],
            'all' => (new \moodle_url('/local/laurel/my.php'))->out(false),
        ];
    }
}
