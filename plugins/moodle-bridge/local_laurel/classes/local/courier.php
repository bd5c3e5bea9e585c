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
 * Carries the outbox to the bridge, and brings back what became of it.
 *
 * At least once, and always the same bytes: the bridge recognises a delivery it has already had.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class courier {
    /** How long one sweep goes on taking up deliveries, in seconds. The next begins a minute later. */
    private const BUDGET = 45;

    /** Bytes told in one request: less than what web servers take without being told to. */
    private const LONGEST = 500000;

    /** @var int When this sweep began. */
    private int $start;

    /** @var sweep What it did. */
    private sweep $sweep;

    /**
     * A courier for one bridge.
     *
     * @param bridge $bridge
     * @param \core\clock $clock
     */
    public function __construct(
        /** @var bridge Where it carries to. */
        private readonly bridge $bridge,
        /** @var \core\clock Moodle's clock. */
        private readonly \core\clock $clock
    ) {
    }

    /**
     * The courier to the configured bridge.
     *
     * @return self
     */
    public static function from_config(): self {
        return new self(bridge::from_config(), \core\di::get(\core\clock::class));
    }

    /**
     * Tell everything that is due, completions before corrections, and ask what became of what was told.
     *
     * One sweep at a time: two could prepare the same delivery differently.
     *
     * @return sweep
     */
    public function sweep(): sweep {
        $this->sweep = new sweep();
        $this->start = $this->clock->time();
        $lock = \core\lock\lock_config::get_lock_factory('local_laurel')->get_lock('sweep', 1);
        if (!$lock) {
            $this->sweep->busy = true;
            return $this->sweep;
        }
        try {
            course_settings::all_issuing($this->start);
            notices::tell_unclaimed();
            corrections::notice($this->start);
            if (!$this->bridge->is_configured()) {
                $this->sweep->configured = false;
                return $this->sweep;
            }
            if ($this->deliver(outbox::COMPLETION) && $this->deliver(outbox::CORRECTION)) {
                $this->ask();
            }
            return $this->sweep;
        } finally {
            $lock->release();
        }
    }

    /**
     * Tell what is due of one kind. When the bridge is away for all, one request is enough to know.
     *
     * @param string $kind
     * @return bool Whether the bridge answers, and there was time for all.
     */
    private function deliver(string $kind): bool {
        // What this sweep has tried stays tried: its next attempt is never due before the next sweep.
        while ($rows = outbox::due($kind, $this->start, request::MOST_TOLD)) {
            if ($this->clock->time() - $this->start >= self::BUDGET) {
                return false;
            }
            // What failed before may be too much at once: one alone shows whether the bridge answers.
            $doubtful = $this->sweep->delivered === 0 && $rows[0]->attempts > 0;
            $away = false;
            foreach ($this->attempt($doubtful ? [$rows[0]] : $rows) as [$row, $answer]) {
                outbox::settle($row, $answer, $this->clock->time());
                if ($answer->failure === null) {
                    if ($this->sweep->delivered++ === 0) {
                        outbox::release($this->start);
                    }
                    continue;
                }
                $this->sweep->failed++;
                $this->sweep->reason = $answer->failure->explain($answer->facts);
                $away = $away || $answer->failure->concerns_all();
            }
            if ($away) {
                return false;
            }
        }
        return true;
    }

    /**
     * Prepare deliveries, where that was not done before, and send together what fits into one request.
     *
     * @param \stdClass[] $rows
     * @return array<int, array{0: \stdClass, 1: answer}>
     */
    private function attempt(array $rows): array {
        $tried = $ready = [];
        $bytes = 0;
        foreach ($rows as $row) {
            if ($bytes >= self::LONGEST) {
                break;
            }
            $unprepared = $this->prepare($row);
            if ($unprepared !== null) {
                $tried[] = [$row, $unprepared];
                continue;
            }
            $ready[] = $row;
            $bytes += strlen($row->payload);
        }
        foreach ($ready ? $this->bridge->tell($ready) : [] as $key => $answer) {
            $tried[] = [$ready[$key], $answer];
        }
        return $tried;
    }

    /**
     * Freeze what a delivery says, if that was not done before.
     *
     * @param \stdClass $row
     * @return answer|null Why it cannot be told; null where it can.
     */
    private function prepare(\stdClass $row): ?answer {
        if ((string) $row->payload !== '') {
            return null;
        }
        try {
            outbox::freeze($row, ...payload_builder::completion($row), time: $this->clock->time());
            return null;
        } catch (gone $gone) {
            return answer::none(failure::GONE, ['reason' => $gone->getMessage()]);
        } catch (\Throwable $problem) {
            return answer::none(failure::UNPREPARED, ['reason' => $problem->getMessage()]);
        }
    }

    /**
     * Ask what became of what was told, and tell the learners. A correction is asked about by telling it again.
     */
    private function ask(): void {
        foreach ([outbox::COMPLETION => request::MOST_ASKED, outbox::CORRECTION => request::MOST_TOLD] as $kind => $most) {
            while ($rows = outcome::due($kind, $this->clock->time(), $most)) {
                if ($this->clock->time() - $this->start >= self::BUDGET) {
                    return;
                }
                $answers = $kind === outbox::CORRECTION ? $this->bridge->tell($rows) : $this->bridge->ask($rows);
                foreach ($rows as $key => $row) {
                    if (outcome::answered($row, $answers[$key], $this->clock->time()) && $kind === outbox::COMPLETION) {
                        $this->sweep->decided++;
                        notices::tell_outcome((int) $row->id);
                    }
                }
            }
        }
    }
}
