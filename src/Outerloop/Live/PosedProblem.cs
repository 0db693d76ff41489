using Outerloop.Planning.Pddl;
using Outerloop.Planning.Validation;

namespace Outerloop.Live;

/// <summary>
/// A problem as users pose it, with what follows from it alone: that is worked out when it is first needed, and once for all who ask
/// the same. Used by any number of threads.
/// </summary>
public sealed class PosedProblem(Problem problem)
{
    private string? _text, _nameless, _fingerprint;
    private PlanValidator? _validator;

    public Problem Problem => problem;

    /// <summary>In PDDL, as it is stored.</summary>
    public string Text => _text ??= PddlPrinter.Print(problem);

    /// <summary>The text from behind the problem's name: what problems have in common that are word for word the same.</summary>
    public string Nameless => _nameless ??= Text[Text.IndexOf(')', StringComparison.Ordinal)..];

    /// <summary>See <see cref="ProblemFingerprint"/>.</summary>
    public string Fingerprint => _fingerprint ??= ProblemFingerprint.Of(problem);

    /// <param name="cancellation">Ends the work on it, if it is not there yet; the next who asks begins anew.</param>
    public PlanValidator Validator(CancellationToken cancellation) => _validator ??= new PlanValidator(problem, cancellation);
}
