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
 * One request to the bridge.
 *
 * @package   local_laurel
 * @copyright 2026 The Laurel contributors
 * @license   https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class request {
    /** The version of a batch's shape. */
    private const BATCH_VERSION = 1;

    /** Deliveries the bridge takes in one request. */
    public const MOST_TOLD = 100;

    /** Completions the bridge can be asked about in one request. */
    public const MOST_ASKED = 500;

    /**
     * A request.
     *
     * @param string $method
     * @param string $path Below the bridge's address.
     * @param string $id The delivery's id, the same at every attempt: a UUID.
     * @param string $body
     * @param string $receipt The member of the answer that makes it the one asked for.
     */
    private function __construct(
        /** @var string The method. */
        public readonly string $method,
        /** @var string Below the bridge's address. */
        public readonly string $path,
        /** @var string The delivery's id. */
        public readonly string $id,
        /** @var string The body. */
        public readonly string $body,
        /** @var string The member of the answer that makes it the one asked for. */
        public readonly string $receipt
    ) {
    }

    /**
     * Tell what an outbox row says.
     *
     * @param \stdClass $row
     * @return self
     */
    public static function tell(\stdClass $row): self {
        return $row->kind === outbox::CORRECTION
            ? new self('POST', '/moodle/corrections', $row->deliveryid, $row->payload, 'correction')
            : new self('POST', '/moodle/completions', $row->deliveryid, $row->payload, 'completion');
    }

    /**
     * Tell what several outbox rows say. Each is recognised by its own bytes, as if it were sent alone.
     *
     * @param \stdClass[] $rows At most MOST_TOLD.
     * @return self
     */
    public static function batch(array $rows): self {
        $item = static fn(\stdClass $row): array => ['kind' => $row->kind, 'body' => $row->payload];
        $body = ['version' => self::BATCH_VERSION, 'items' => array_map($item, array_values($rows))];
        return new self('POST', '/moodle/batches', \core\uuid::generate(), self::json($body), 'items');
    }

    /**
     * Ask what became of several completions.
     *
     * @param string[] $completions The bridge's ids of them, at most MOST_ASKED.
     * @return self
     */
    public static function ask_all(array $completions): self {
        $body = self::json(['completions' => array_values($completions)]);
        return new self('POST', '/moodle/outcomes', \core\uuid::generate(), $body, 'items');
    }

    /**
     * Ask what became of a completion.
     *
     * @param string $completion The bridge's id of it.
     * @return self
     */
    public static function ask(string $completion): self {
        return new self('GET', '/moodle/completions/' . rawurlencode($completion), \core\uuid::generate(), '', 'state');
    }

    /**
     * Try whether a completion would be accepted.
     *
     * @param string $payload
     * @return self
     */
    public static function try(string $payload): self {
        return new self('POST', '/moodle/trials', \core\uuid::generate(), $payload, 'platform');
    }

    /**
     * A page of the catalogue.
     *
     * @param string $after Where the last page ended; empty for the first.
     * @return self
     */
    public static function catalogue(string $after): self {
        $query = http_build_query(['limit' => 500] + ($after === '' ? [] : ['after' => $after]), '', '&');
        return new self('GET', "/api/v1/offerings?{$query}", \core\uuid::generate(), '', 'items');
    }

    /**
     * JSON as it is signed and sent.
     *
     * @param array $body
     * @return string
     */
    private static function json(array $body): string {
        return json_encode($body, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
    }
}
