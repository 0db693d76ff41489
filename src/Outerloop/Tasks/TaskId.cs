using System.Globalization;

namespace Outerloop.Tasks;

/// <summary>What a set of tasks is for.</summary>
public enum TaskSet
{
    /// <summary>The tasks that every generation is deployed on; their valid traces are what the next one learns from.</summary>
    Pool,

    /// <summary>Tasks of the pool's sizes, never trained on.</summary>
    HeldOut,

    /// <summary>Tasks larger than any in the pool, never trained on.</summary>
    Larger,

    /// <summary>Tasks that users brought, numbered as they came; trained on unless they are held out by their fingerprint.</summary>
    Live,
}

/// <summary>Names one task of a run: the <paramref name="Number"/>-th (from 0) of its set.</summary>
public readonly record struct TaskId(string Domain, TaskSet Set, int Number) : IComparable<TaskId>
{
    public int CompareTo(TaskId other) =>
        (string.CompareOrdinal(Domain, other.Domain), Set.CompareTo(other.Set), Number.CompareTo(other.Number)) switch
        {
            (not 0 and var domain, _, _) => domain,
            (_, not 0 and var set, _) => set,
            var (_, _, number) => number,
        };

    public override string ToString() => $"{Domain}/{Set.ToString().ToLowerInvariant()}/{Number}";

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <returns>Null if it is something else.</returns>
    public static TaskId? Parse(string text) =>
        text.Split('/') is [{ Length: > 0 } domain, var set, var number]
            && set.All(char.IsAsciiLetter) && Enum.TryParse(set, ignoreCase: true, out TaskSet inSet)
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal)
            ? new TaskId(domain, inSet, ordinal)
            : null;

    public static bool operator <(TaskId left, TaskId right) => left.CompareTo(right) < 0;

    public static bool operator >(TaskId left, TaskId right) => left.CompareTo(right) > 0;

    public static bool operator <=(TaskId left, TaskId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(TaskId left, TaskId right) => left.CompareTo(right) >= 0;
}
