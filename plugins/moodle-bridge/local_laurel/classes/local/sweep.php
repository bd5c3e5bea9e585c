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
 * What one sweep of the outbox did.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class sweep {
    /** @var bool Whether there was anything to sweep with: address, platform and secret. */
    public bool $configured = true;

    /** @var bool Whether another sweep is under way. */
    public bool $busy = false;

    /** @var int Deliveries the bridge has now. */
    public int $delivered = 0;

    /** @var int Attempts that failed. */
    public int $failed = 0;

    /** @var int Completions of which it is known now what became of them. */
    public int $decided = 0;

    /** @var string Why the last one failed. */
    public string $reason = '';

    /**
     * One line for the task's log. No names.
     *
     * @return string
     */
    public function describe(): string {
        if ($this->busy) {
            return 'Another sweep is under way.';
        }
        if (!$this->configured) {
            return 'Not configured: nothing sent.';
        }
        return "{$this->delivered} delivered, {$this->failed} failed, {$this->decided} decided."
            . ($this->reason === '' ? '' : " {$this->reason}");
    }
}
