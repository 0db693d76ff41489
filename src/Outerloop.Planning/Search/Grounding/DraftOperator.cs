using Outerloop.Planning.Pddl;

namespace Outerloop.Planning.Search.Grounding;

/// <summary>A ground action over literals, before facts that do not matter are left out.</summary>
/// <param name="Instance">What the step is called; null for the step that says that a goal is reached.</param>
internal sealed record DraftOperator(ActionInstance? Instance, int[] Precondition, List<DraftEffect> Effects, Number Cost);

/// <summary>Where the condition holds, the literal becomes true.</summary>
internal sealed record DraftEffect(int[] Condition, int Literal);
