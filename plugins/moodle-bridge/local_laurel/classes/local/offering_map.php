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
 * Which courses issue, and which offering each stands for: the "courses" setting, read.
 *
 * One course a line, by its ID number: `data-ethics`, where the ID number is the offering's id too, or `DE-2026 = data-ethics`.
 * A line `*` opts in every course whose ID number has the form of an offering's id. After `#` comes a comment.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class offering_map {
    /** The form of an offering's id. */
    private const OFFERING = '/^[a-z0-9][a-z0-9-]{0,62}$/D';

    /**
     * A map as read.
     *
     * @param array<string, string> $offerings Offering by course ID number.
     * @param bool $everycourse Whether a line said `*`.
     * @param string[] $unreadable The lines that say nothing understandable.
     */
    private function __construct(
        /** @var array<string, string> Offering by course ID number. */
        private readonly array $offerings,
        /** @var bool Whether a line said `*`. */
        private readonly bool $everycourse,
        /** @var string[] The lines that say nothing understandable. */
        public readonly array $unreadable
    ) {
    }

    /**
     * Read the setting's text.
     *
     * @param string $text
     * @return self
     */
    public static function parse(string $text): self {
        $offerings = [];
        $everycourse = false;
        $unreadable = [];
        foreach (preg_split('/\R/', $text) as $line) {
            $line = trim(preg_replace('/(^|\s)#.*$/', '', $line));
            if ($line === '') {
                continue;
            }
            // From the right: an ID number may hold an equals sign, an offering's id cannot.
            $at = strrpos($line, '=');
            $idnumber = $at === false ? $line : rtrim(substr($line, 0, $at));
            $offering = $at === false ? $line : ltrim(substr($line, $at + 1));
            if ($line === '*') {
                $everycourse = true;
            } else if ($idnumber !== '' && self::is_offering($offering)) {
                $offerings[$idnumber] = $offering;
            } else {
                $unreadable[] = $line;
            }
        }
        return new self($offerings, $everycourse, $unreadable);
    }

    /**
     * The map as the administrator set it.
     *
     * @return self
     */
    public static function from_config(): self {
        return self::parse((string) get_config('local_laurel', 'courses'));
    }

    /**
     * The offering a course stands for, or null where the course does not issue.
     *
     * @param string $idnumber The course's ID number.
     * @return string|null
     */
    public function offering(string $idnumber): ?string {
        $idnumber = trim($idnumber);
        if (isset($this->offerings[$idnumber])) {
            return $this->offerings[$idnumber];
        }
        return $this->everycourse && self::is_offering($idnumber) ? $idnumber : null;
    }

    /**
     * Whether a text has the form of an offering's id.
     *
     * @param string $text
     * @return bool
     */
    public static function is_offering(string $text): bool {
        return (bool) preg_match(self::OFFERING, $text);
    }

    /**
     * Whether no course issues at all.
     *
     * @return bool
     */
    public function is_empty(): bool {
        return !$this->offerings && !$this->everycourse;
    }
}
