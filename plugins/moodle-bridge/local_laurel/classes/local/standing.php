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
 * How a told completion stands in Moodle at a moment: what a correction is the difference of.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class standing {
    /** What of a learner is printed on a credential: a change of it is a correction. */
    private const PRINTED = ['fullname', 'firstname', 'lastname', 'idnumber', 'esi'];

    /**
     * A standing.
     *
     * @param bool $reached Whether it still counts as completed.
     * @param bool $enrolled Whether the learner is in the course.
     * @param array|null $learner Null where the account was deleted.
     * @param grade|null $grade
     * @param bool $passed
     */
    public function __construct(
        /** @var bool Whether it still counts as completed. */
        public readonly bool $reached,
        /** @var bool Whether the learner is in the course. */
        public readonly bool $enrolled,
        /** @var array|null Null where the account was deleted. */
        public readonly ?array $learner,
        /** @var grade|null */
        public readonly ?grade $grade,
        /** @var bool Whether it passes. */
        public readonly bool $passed
    ) {
    }

    /**
     * As a completion tells it: it was reached, by this learner.
     *
     * @param array $learner
     * @return self
     */
    public function as_told(array $learner): self {
        return new self(true, $this->enrolled, $learner, $this->grade, $this->passed);
    }

    /**
     * What is kept of it, to compare with later.
     *
     * @return string JSON.
     */
    public function remember(): string {
        return json_encode([
            'reached' => $this->reached,
            'enrolled' => $this->enrolled,
            'learner' => $this->printed(),
            'value' => $this->grade?->value,
            'passed' => $this->passed,
        ], JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE);
    }

    /**
     * What has changed since.
     *
     * A better grade that passes as before is no correction, and of a deleted learner nothing else is told.
     *
     * @param string $remembered What remember() gave.
     * @return change[]
     */
    public function changes_since(string $remembered): array {
        $was = json_decode($remembered, true, 16, JSON_THROW_ON_ERROR);
        if ($this->learner === null) {
            return $was['learner'] === null ? [] : [change::LEARNER_DELETED];
        }
        $changes = [];
        if ($this->reached !== $was['reached']) {
            $changes[] = $this->reached ? change::COMPLETION_RESTORED : change::COMPLETION_WITHDRAWN;
        }
        $lower = $this->grade !== null && $was['value'] !== null && (float) $this->grade->value < (float) $was['value'];
        // A grade that vanished with the completion, or with the enrolment, is told by these.
        if (($this->grade !== null || $was['value'] === null) && ($this->passed !== $was['passed'] || $lower)) {
            $changes[] = change::GRADE_CHANGED;
        }
        if (!$this->enrolled && $was['enrolled']) {
            $changes[] = change::LEARNER_UNENROLLED;
        }
        if ($was['learner'] !== null && $this->printed() !== $was['learner']) {
            $changes[] = change::LEARNER_CORRECTED;
        }
        return $changes;
    }

    /**
     * What of the learner is printed.
     *
     * @return array<string, string>|null
     */
    private function printed(): ?array {
        return $this->learner === null ? null
            : array_map(fn(string $name): string => $this->learner[$name] ?? '', array_combine(self::PRINTED, self::PRINTED));
    }
}
