using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>
/// Satellites turn, switch instruments on, calibrate them and take images, in the encoding of the learning track of
/// IPC 2023, without fuel. A satellite can turn from any direction to any other and power one of its instruments at a time.
/// Images are asked for in modes that some instrument supports, so a task is solved image by image.
/// </summary>
public sealed class Satellite : PlanningDomain
{
    private const double AsksForPointing = 0.25;

    private static readonly SizeParameter Satellites = new("satellites", "number of satellites")
    {
        Pool = new(1, 3),
        Larger = new(3, 4),
        Easy = new(3, 10),
        Medium = new(15, 40),
        Hard = new(50, 100),
    };

    private static readonly SizeParameter Instruments = new("instruments", "number of instruments")
    {
        Pool = new(1, 4),
        Larger = new(4, 5),
        Easy = new(3, 20),
        Medium = new(15, 80),
        Hard = new(50, 200),
    };

    private static readonly SizeParameter Modes = new("modes", "number of modes")
    {
        Pool = new(1, 3),
        Larger = new(3, 4),
        Easy = new(1, 3),
        Medium = new(3, 5),
        Hard = new(5, 10),
    };

    private static readonly SizeParameter Directions = new("directions", "number of directions")
    {
        Pool = new(3, 8),
        Larger = new(8, 10),
        Easy = new(4, 10),
        Medium = new(15, 30),
        Hard = new(40, 100),
    };

    private static readonly SizeParameter Images = new("images", "number of images, or all there can be where these are fewer")
    {
        Pool = new(1, 4),
        Larger = new(5, 6),
        Easy = new(1, 10),
        Medium = new(10, 30),
        Hard = new(30, 100),
    };

    private static readonly NameSet SatelliteSet = new("satellite", 6);
    private static readonly NameSet InstrumentSet = new("instrument", 8);
    private static readonly NameSet ModeSet = new("mode", 6);
    private static readonly NameSet DirectionSet = new("direction", 12);

    public override string Name => "satellite";

    public override IReadOnlyList<SizeParameter> Parameters { get; } = [Satellites, Instruments, Modes, Directions, Images];

    public override ImmutableArray<NameSet> NameSets { get; } = [SatelliteSet, InstrumentSet, ModeSet, DirectionSet];

    public override string Pddl { get; } = """
        (define (domain satellite)
          (:requirements :strips :typing :negative-preconditions)
          (:types satellite direction instrument mode)

          (:predicates
            (on_board ?instrument - instrument ?satellite - satellite)
            (supports ?instrument - instrument ?mode - mode)
            (calibration_target ?instrument - instrument ?direction - direction)
            (pointing ?satellite - satellite ?direction - direction)
            (power_avail ?satellite - satellite)
            (power_on ?instrument - instrument)
            (calibrated ?instrument - instrument)
            (have_image ?direction - direction ?mode - mode))

          (:action turn_to
            :parameters (?satellite - satellite ?to - direction ?from - direction)
            :precondition (and (pointing ?satellite ?from) (not (pointing ?satellite ?to)))
            :effect (and (pointing ?satellite ?to) (not (pointing ?satellite ?from))))

          (:action switch_on
            :parameters (?instrument - instrument ?satellite - satellite)
            :precondition (and (on_board ?instrument ?satellite) (power_avail ?satellite))
            :effect (and (power_on ?instrument) (not (calibrated ?instrument)) (not (power_avail ?satellite))))

          (:action switch_off
            :parameters (?instrument - instrument ?satellite - satellite)
            :precondition (and (on_board ?instrument ?satellite) (power_on ?instrument))
            :effect (and (power_avail ?satellite) (not (power_on ?instrument))))

          (:action calibrate
            :parameters (?satellite - satellite ?instrument - instrument ?direction - direction)
            :precondition (and (on_board ?instrument ?satellite) (power_on ?instrument)
              (calibration_target ?instrument ?direction) (pointing ?satellite ?direction))
            :effect (calibrated ?instrument))

          (:action take_image
            :parameters (?satellite - satellite ?direction - direction ?instrument - instrument ?mode - mode)
            :precondition (and (on_board ?instrument ?satellite) (power_on ?instrument) (calibrated ?instrument)
              (supports ?instrument ?mode) (pointing ?satellite ?direction))
            :effect (have_image ?direction ?mode)))

        """;

    protected override SolvableTask Draw(SizeRanges sizes, Random random)
    {
        var satellites = SatelliteSet.Draw(sizes.Draw(Satellites, random), random);
        var names = InstrumentSet.Draw(sizes.Draw(Instruments, random), random);
        var modes = ModeSet.Draw(sizes.Draw(Modes, random), random);
        var directions = DirectionSet.Draw(sizes.Draw(Directions, random), random);
        Instrument[] instruments = [.. names.Select(name => DrawInstrument(name, satellites, modes, directions, random))];
        var start = satellites.ToImmutableDictionary(satellite => satellite, _ => Any(directions, random));
        var images = DrawImages(sizes.Draw(Images, random), instruments, directions, random);
        (string Satellite, string Direction)[] pointings =
            [.. satellites.Where(_ => random.NextDouble() < AsksForPointing).Select(satellite => (satellite, Any(directions, random)))];
        return new SolvableTask
        {
            Objects = [new("satellite", satellites), new("instrument", names), new("mode", modes), new("direction", directions)],
            Init =
            [
                .. satellites.SelectMany(satellite => new[] { $"(power_avail {satellite})", $"(pointing {satellite} {start[satellite]})" }),
                .. instruments.SelectMany(Facts),
            ],
            Goal =
            [
                .. images.Select(image => $"(have_image {image.Direction} {image.Mode})"),
                .. pointings.Select(pointing => $"(pointing {pointing.Satellite} {pointing.Direction})"),
            ],
            Witness = ImageByImage(images, pointings, instruments, start),
        };
    }

    private static Instrument DrawInstrument(
        string name, ImmutableArray<string> satellites, ImmutableArray<string> modes, ImmutableArray<string> directions, Random random)
    {
        var mixed = modes.ToArray();
        random.Shuffle(mixed);
        return new(name, Any(satellites, random), Any(directions, random), [.. mixed.Take(random.Next(mixed.Length) + 1)]);
    }

    private static (string Direction, string Mode)[] DrawImages(int count, Instrument[] instruments, ImmutableArray<string> directions, Random random)
    {
        var images = instruments.SelectMany(instrument => instrument.Modes).Distinct()
            .SelectMany(mode => directions.Select(direction => (direction, mode)))
            .ToArray();
        random.Shuffle(images);
        return [.. images.Take(count)];
    }

    private static IEnumerable<string> Facts(Instrument instrument) =>
    [
        $"(on_board {instrument.Name} {instrument.Satellite})",
        $"(calibration_target {instrument.Name} {instrument.Target})",
        .. instrument.Modes.Select(mode => $"(supports {instrument.Name} {mode})"),
    ];

    private static IEnumerable<string> ImageByImage(
        (string Direction, string Mode)[] images,
        (string Satellite, string Direction)[] pointings,
        Instrument[] instruments,
        ImmutableDictionary<string, string> start)
    {
        var pointing = start.ToDictionary();
        foreach (var (direction, mode) in images)
        {
            var (name, satellite, target, _) = instruments.First(instrument => instrument.Modes.Contains(mode));
            IEnumerable<string> steps =
            [
                $"(switch_on {name} {satellite})",
                .. Turn(pointing, satellite, target),
                $"(calibrate {satellite} {name} {target})",
                .. Turn(pointing, satellite, direction),
                $"(take_image {satellite} {direction} {name} {mode})",
                $"(switch_off {name} {satellite})",
            ];
            foreach (var step in steps)
                yield return step;
        }

        foreach (var step in pointings.SelectMany(wanted => Turn(pointing, wanted.Satellite, wanted.Direction)))
            yield return step;
    }

    private static string[] Turn(Dictionary<string, string> pointing, string satellite, string direction)
    {
        var from = pointing[satellite];
        pointing[satellite] = direction;
        return from == direction ? [] : [$"(turn_to {satellite} {direction} {from})"];
    }

    private static string Any(ImmutableArray<string> names, Random random) => names[random.Next(names.Length)];

    private sealed record Instrument(string Name, string Satellite, string Target, ImmutableArray<string> Modes);
}
