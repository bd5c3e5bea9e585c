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
 * A learner's grade in a course, with the scale it stands on. Numbers are text, so that nothing is lost on the way.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class grade {
    /**
     * A grade.
     *
     * @param string $value
     * @param string $minimum
     * @param string $maximum
     * @param string|null $passmark Null where the course sets none.
     * @param string $display As Moodle prints it: a letter, a word of a scale, a percentage, a number.
     * @param bool $hidden Whether the learner may not see it.
     * @param string[]|null $scale The words of the scale, worst first, where it is graded on one.
     */
    public function __construct(
        /** @var string The value. */
        public readonly string $value,
        /** @var string The lowest grade. */
        public readonly string $minimum,
        /** @var string The highest grade. */
        public readonly string $maximum,
        /** @var string|null The grade to pass, where the course sets one. */
        public readonly ?string $passmark,
        /** @var string As Moodle prints it. */
        public readonly string $display,
        /** @var bool Whether the learner may not see it. */
        public readonly bool $hidden = false,
        /** @var string[]|null The words of the scale, worst first. */
        public readonly ?array $scale = null
    ) {
    }

    /**
     * A number as text, with two to five decimals: Moodle keeps five.
     *
     * @param string|int|float $number
     * @return string
     */
    public static function decimal(string|int|float $number): string {
        return preg_replace('/(\.\d{2}\d*?)0+$/', '$1', number_format((float) $number, 5, '.', ''));
    }

    /**
     * Whether this grade passes: it reaches the pass mark, where there is one.
     *
     * @return bool
     */
    public function passes(): bool {
        return $this->passmark === null || (float) $this->value >= (float) $this->passmark;
    }

    /**
     * The grade as told: what the teacher hides from the learner is not printed on the learner's credential.
     *
     * @return array|null
     */
    public function told(): ?array {
        return $this->hidden ? null : [
            'value' => $this->value,
            'minimum' => $this->minimum,
            'maximum' => $this->maximum,
            'pass_mark' => $this->passmark,
            'display' => $this->display,
            'scale' => $this->scale,
        ];
    }
}
