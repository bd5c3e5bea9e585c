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
 * What came of one attempt: a receipt from the bridge, or a failure with what the administrator needs to know.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class answer {
    /** Clocks further apart than this are named as the cause when a signature is turned away. The bridge allows 300 seconds. */
    private const CLOCK_TOLERANCE = 290;

    /** Receipts that are ids. */
    private const IDS = ['completion', 'correction'];

    /**
     * An answer as understood.
     *
     * @param failure|null $failure Null is a success.
     * @param array<string, string> $facts What the failure's string needs: placeholders and their values.
     * @param int|null $retryafter Seconds the bridge asks to wait.
     * @param array $said What the bridge said, on success.
     * @param int|null $ahead How far this site's clock is ahead of the bridge's, in seconds, where it told its time.
     */
    private function __construct(
        /** @var failure|null Null is a success. */
        public readonly ?failure $failure,
        /** @var array<string, string> What the failure's string needs. */
        public readonly array $facts = [],
        /** @var int|null Seconds the bridge asks to wait. */
        public readonly ?int $retryafter = null,
        /** @var array What the bridge said, on success. */
        public readonly array $said = [],
        /** @var int|null How far this site's clock is ahead of the bridge's, in seconds, where it told its time. */
        public readonly ?int $ahead = null
    ) {
    }

    /**
     * No answer of the bridge: the request did not get out, did not get through, or was never made.
     *
     * @param failure $failure
     * @param array<string, string> $facts
     * @return self
     */
    public static function none(failure $failure, array $facts): self {
        return new self($failure, $facts);
    }

    /**
     * What the bridge said of one thing among others.
     *
     * @param array $said
     * @return self
     */
    public static function one(array $said): self {
        return new self(null, said: $said);
    }

    /**
     * What was said of each delivery of a batch: what it would have been answered alone.
     *
     * @param string[] $receipts The member that makes each of them the answer asked for, in the batch's order.
     * @param string $url Where the batch went.
     * @param int $now This site's time, Unix seconds.
     * @return self[]|null In the same order; null where not each is spoken of.
     */
    public function each(array $receipts, string $url, int $now): ?array {
        $items = $this->said['items'] ?? [];
        if (!is_array($items) || count($items) !== count($receipts)) {
            return null;
        }
        return array_map(
            static fn(mixed $item, string $receipt): self
                => self::read((int) ($item['status'] ?? 0), [], json_encode($item['problem'] ?? $item), $url, $now, $receipt),
            array_values($items),
            $receipts
        );
    }

    /**
     * Read the bridge's answer. Only what was asked for is a success: 2xx, and in it a receipt. Any web server answers 200 to
     * something.
     *
     * @param int $status
     * @param array<string, string[]> $headers As PSR-7 gives them.
     * @param string $body
     * @param string $url Where the request went.
     * @param int $now This site's time, Unix seconds.
     * @param string $receipt The member that makes it the answer asked for: an id, or whatever was asked.
     * @return self
     */
    public static function read(int $status, array $headers, string $body, string $url, int $now, string $receipt): self {
        $headers = array_map(static fn(array $values): string => trim(reset($values)), array_change_key_case($headers));
        $said = json_decode($body, true);
        $said = is_array($said) ? $said : [];
        $facts = ['url' => $url, 'status' => (string) $status, 'reason' => self::reason($said, $body)];

        if ($status >= 200 && $status < 300) {
            $isid = in_array($receipt, self::IDS, true);
            if (isset($said[$receipt]) && (!$isid || self::is_uuid($said[$receipt]))) {
                return new self(null, said: $said, ahead: self::ahead($said, [], $now));
            }
            return new self(failure::ADDRESS, $facts);
        }
        if ($status >= 300 && $status < 400) {
            return new self(failure::REDIRECT, ['location' => $headers['location'] ?? ''] + $facts);
        }
        if ($status === 401) {
            $ahead = self::ahead($said, $headers, $now);
            if ($ahead !== null && abs($ahead) > self::CLOCK_TOLERANCE) {
                $clock = ['seconds' => (string) abs($ahead), 'servertime' => gmdate('Y-m-d H:i:s', $now - $ahead) . ' UTC'];
                return new self(failure::CLOCK, ['direction' => $ahead > 0 ? 'ahead' : 'behind'] + $clock + $facts);
            }
        }
        $failure = match (true) {
            $status === 401, $status === 403 => failure::UNAUTHORISED,
            $status === 409 => failure::CONFLICT,
            in_array($status, [400, 411, 413, 415, 422]) => failure::REJECTED,
            in_array($status, [408, 425, 429, 502, 503, 504]) => failure::BUSY,
            $status >= 500 => failure::BROKEN,
            default => failure::ADDRESS,
        };
        $asked = $headers['retry-after'] ?? '';
        return new self($failure, $facts, ctype_digit($asked) ? (int) $asked : null);
    }

    /**
     * The bridge's own words: a problem document's title and detail (RFC 9457), else the beginning of the body as plain text.
     *
     * @param array $said The body, decoded; empty when it is not a JSON object.
     * @param string $body
     * @return string
     */
    private static function reason(array $said, string $body): string {
        $words = array_filter([$said['title'] ?? null, $said['detail'] ?? null], 'is_string');
        $text = $words ? implode(': ', array_unique($words)) : strip_tags($body);
        $text = trim(preg_replace('/\s+/u', ' ', mb_scrub($text, 'UTF-8')));
        return mb_strlen($text) > 300 ? mb_substr($text, 0, 300) . '…' : $text;
    }

    /**
     * Whether a value is a UUID.
     *
     * @param mixed $value
     * @return bool
     */
    private static function is_uuid(mixed $value): bool {
        return is_string($value) && preg_match('/^[0-9a-f-]{36}$/Di', $value);
    }

    /**
     * How far this site's clock is ahead of the bridge's, in seconds; negative is behind; null where the bridge names no time.
     *
     * @param array $said
     * @param array<string, string> $headers
     * @param int $now
     * @return int|null
     */
    private static function ahead(array $said, array $headers, int $now): ?int {
        $time = $said['server_time'] ?? $headers['date'] ?? null;
        $time = is_string($time) ? strtotime($time) : $time;
        return is_int($time) || is_float($time) ? $now - (int) $time : null;
    }
}
