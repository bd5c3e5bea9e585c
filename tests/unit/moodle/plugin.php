<?php
// Runs one function of the plugin's pure classes without a Moodle: php plugin.php < {"call": …, …}, prints its result as JSON.
// The few core functions they use stand below, as small as they can be.

namespace core {
    /** A context, by its course. */
    class context {
        public function __construct(public readonly int $instanceid) {
        }
    }
}

namespace {
    const MOODLE = 'https://moodle.example';

    function fullname(stdClass $user): string {
        return "{$user->firstname} {$user->lastname}";
    }

    /** Moodle's filters, as far as a test can see that they ran: in the course's context, and not escaped for HTML. */
    function format_string(string $text, bool $striplinks, array $options): string {
        assert($options['context'] instanceof \core\context && $options['escape'] === false);
        return preg_replace('/<span[^>]*>|<\/span>/', '', $text);
    }

    /** How things stand, from plain values. */
    function standing(stdClass $said): \local_laurel\local\standing {
        $grade = $said->grade === null ? null : new \local_laurel\local\grade(...(array) $said->grade);
        $learner = $said->learner === null ? null : \local_laurel\local\snapshot::learner($said->learner, '', 'en');
        return new \local_laurel\local\standing($said->reached, $said->enrolled, $learner, $grade, $said->passed);
    }

    spl_autoload_register(static function (string $class): void {
        [$component, $path] = explode('\\', $class, 2);
        assert($component === 'local_laurel');
        require(__DIR__ . '/../../../plugins/moodle-bridge/local_laurel/classes/' . strtr($path, '\\', '/') . '.php');
    });
    set_error_handler(static function (int $level, string $message, string $file, int $line): never {
        throw new ErrorException($message, 0, $level, $file, $line);
    });

    $in = json_decode(stream_get_contents(STDIN), false, 32, JSON_THROW_ON_ERROR);
    $out = match ($in->call) {
        'headers' => (new \local_laurel\local\signer($in->platform, ...(array) $in->secret))
            ->headers($in->id, $in->timestamp, $in->body),
        'is_genuine' => (new \local_laurel\local\signer('campus', ...(array) $in->secret))
            ->is_genuine((array) $in->headers, $in->body, $in->now),
        'is_secret' => \local_laurel\local\signer::is_secret($in->secret),
        'wait' => \local_laurel\local\backoff::seconds($in->attempts, $in->asked, ...array_filter([$in->most ?? null])),
        'offering' => (static function () use ($in): array {
            $map = \local_laurel\local\offering_map::parse($in->text);
            return ['offering' => $map->offering($in->idnumber), 'unreadable' => $map->unreadable, 'empty' => $map->is_empty()];
        })(),
        'decimal' => \local_laurel\local\grade::decimal($in->number),
        'completion' => \local_laurel\local\payload::completion(
            $in->row,
            'data-ethics',
            \local_laurel\local\snapshot::course($in->course, new \core\context((int) $in->course->id)),
            \local_laurel\local\snapshot::learner($in->user, $in->esi, 'de'),
            $in->grade === null ? null : new \local_laurel\local\grade(...(array) $in->grade),
            (array) $in->circumstances,
            MOODLE
        ),
        'correction' => \local_laurel\local\payload::correction(
            $in->id,
            $in->episode,
            \local_laurel\local\change::from($in->change),
            standing($in->standing),
            $in->noticed,
            MOODLE
        ),
        'changes' => array_map(
            static fn(\local_laurel\local\change $one): string => $one->value,
            standing($in->now)->changes_since(standing($in->then)->remember())
        ),
        'answer' => (static function () use ($in): array {
            $headers = array_map(static fn(string $value): array => [$value], (array) $in->headers);
            $url = 'https://laurel.example/moodle/completions';
            $answer = \local_laurel\local\answer::read($in->status, $headers, $in->body, $url, $in->now, $in->receipt);
            $failure = $answer->failure;
            return [
                'failure' => $failure?->value,
                'final' => $failure?->is_final(),
                'concerns_all' => $failure?->concerns_all(),
                'facts' => (object) $answer->facts,
                'retryafter' => $answer->retryafter,
                'said' => (object) $answer->said,
                'ahead' => $answer->ahead,
            ];
        })(),
        'each' => (static function () use ($in): ?array {
            $url = 'https://laurel.example/moodle/batches';
            $each = \local_laurel\local\answer::read(200, [], $in->body, $url, $in->now, 'items')
                ->each($in->receipts, $url, $in->now);
            return $each === null ? null : array_map(
                static fn(\local_laurel\local\answer $one): array => [$one->failure?->value, (object) $one->said],
                $each
            );
        })(),
        'failures' => array_map(static fn(\local_laurel\local\failure $one): string => $one->value, \local_laurel\local\failure::cases()),
        'strings' => (static function () use ($in): array {
            define('MOODLE_INTERNAL', true);
            $string = [];
            require(__DIR__ . "/../../../plugins/moodle-bridge/local_laurel/lang/{$in->language}/local_laurel.php");
            return $string;
        })(),
    };
    echo json_encode($out, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
}
