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
        'headers' => (new \local_laurel\local\signer($in->platform, $in->secret))->headers($in->id, $in->timestamp, $in->body),
        'is_secret' => \local_laurel\local\signer::is_secret($in->secret),
        'wait' => \local_laurel\local\backoff::seconds($in->attempts, $in->asked),
        'offering' => (static function () use ($in): array {
            $map = \local_laurel\local\offering_map::parse($in->text);
            return ['offering' => $map->offering($in->idnumber), 'unreadable' => $map->unreadable, 'empty' => $map->is_empty()];
        })(),
        'decimal' => \local_laurel\local\grade::decimal($in->number),
        'compose' => \local_laurel\local\payload::compose(
            $in->row,
            $in->offering,
            $in->course,
            new \core\context((int) $in->course->id),
            $in->user,
            $in->grade === null ? null : new \local_laurel\local\grade(...(array) $in->grade),
            MOODLE,
            'de'
        ),
        'answer' => (static function () use ($in): array {
            $headers = array_map(static fn(string $value): array => [$value], (array) $in->headers);
            $url = 'https://laurel.example/moodle/completions';
            $answer = \local_laurel\local\answer::read($in->status, $headers, $in->body, $url, $in->now);
            $failure = $answer->failure;
            return [
                'failure' => $failure?->value,
                'final' => $failure?->is_final(),
                'concerns_all' => $failure?->concerns_all(),
                'facts' => (object) $answer->facts,
                'retryafter' => $answer->retryafter,
                'completion' => $answer->completion,
            ];
        })(),
        'failures' => array_map(static fn(\local_laurel\local\failure $one): string => $one->value, \local_laurel\local\failure::cases()),
        'strings' => (static function (): array {
            define('MOODLE_INTERNAL', true);
            $string = [];
            require(__DIR__ . '/../../../plugins/moodle-bridge/local_laurel/lang/en/local_laurel.php');
            return $string;
        })(),
    };
    echo json_encode($out, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
}
